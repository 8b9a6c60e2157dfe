/** Which names of a CustomResourceDefinition are free (apiextensions' controller/status/naming_controller.go). */
import { equal } from '../../lib/json.ts';
import type { CustomResourceDefinitionNames } from '../../schema/apiextensions/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { isTrue, setCondition } from './conditions.ts';
import type { Definition } from './custom-resource.ts';

/** Sets acceptedNames and the conditions about names, in place. `others` are the definitions of the same group. */
export function acceptNames(definition: Definition, others: readonly Definition[], now: string): void {
  const wanted = definition.spec.names;
  const accepted = definition.status!.acceptedNames!;
  if (equal(wanted, accepted)) return;
  const { resources, kinds } = namesInUse(others);
  const next: CustomResourceDefinitionNames = { plural: accepted.plural, kind: accepted.kind };
  let conflict: { reason: string; message: string } | undefined;
  const inUse = (name: string | undefined, old: string | undefined, used: ReadonlySet<string>) =>
    (name && name !== old && used.has(name) ? `${quote(name)} is already in use` : undefined);
  const take = (member: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>): void => {
    const message = inUse(wanted[member], accepted[member], used);
    if (message) conflict = { reason: `${member.charAt(0).toUpperCase()}${member.slice(1)}Conflict`, message };
    const value = message ? accepted[member] : wanted[member];
    if (value !== undefined) next[member] = value;
  };
  take('plural', resources);
  take('singular', resources);
  const taken = (wanted.shortNames ?? []).flatMap((name) => (accepted.shortNames?.includes(name) ? [] : inUse(name, undefined, resources) ?? []));
  if (taken.length > 0) conflict = { reason: 'ShortNamesConflict', message: taken.length === 1 ? taken[0]! : `[${taken.join(', ')}]` };
  const shortNames = taken.length > 0 ? accepted.shortNames : wanted.shortNames;
  if (shortNames) next.shortNames = shortNames;
  take('kind', kinds);
  take('listKind', kinds);
  if (wanted.categories) next.categories = wanted.categories;
  definition.status!.acceptedNames = next;
  setNameConditions(definition, conflict, now);
}

function setNameConditions(definition: Definition, conflict: { reason: string; message: string } | undefined, now: string): void {
  const established = isTrue(definition, 'Established');
  const known = definition.status?.conditions?.some(({ type }) => type === 'Established') ?? false;
  if (conflict) {
    setCondition(definition, { type: 'NamesAccepted', status: 'False', ...conflict }, now);
    if (!known) setCondition(definition, { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }, now);
    return;
  }
  setCondition(definition, { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' }, now);
  if (!established) {
    setCondition(definition, { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }, now);
  }
}

function namesInUse(others: readonly Definition[]): { resources: ReadonlySet<string>; kinds: ReadonlySet<string> } {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const { status } of others) {
    const { plural, singular, shortNames, kind, listKind } = status?.acceptedNames ?? {};
    for (const name of [plural, singular, ...shortNames ?? []]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) kinds.add(name);
  }
  return { resources, kinds };
}
