/** What a wait is about: one object or all that a selector finds, and whether they meet its condition. */
import type { ApiPort, Lister } from '../api/port.ts';
import type { Registry } from '../api/registry.ts';
import type * as own from '../schema/fakelet/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { LabelSelectorError, type LabelSelector } from '../schema/values/label-selector.ts';
import { parseLabelSelector } from '../schema/values/label-selector-parser.ts';
import { EmulatorError } from './emulator-error.ts';
import { parseCondition, type Predicate } from './wait.ts';

export interface Waited {
  met(): boolean;
  /** What the answer, or the refusal, shows. */
  state(): { readonly object?: KubeObject; readonly objects?: readonly KubeObject[] };
  /** `pods web to be 'condition=Ready'` */
  readonly what: string;
}

/** Throws EmulatorError for a request that can't be met by anything. */
export function waitedObjects(request: own.WaitRequest, port: ApiPort, registry: Registry): Waited {
  const { resource = 'pods', namespace = 'default', name, selector = '', count } = request;
  const def = registry.byName(resource);
  if (!def) throw new EmulatorError(400, `Failed to wait: no resource '${resource}' is served. Write its plural name, with the group unless it is core.`);
  if (name !== undefined && (selector !== '' || count !== undefined)) {
    throw new EmulatorError(400, 'Failed to wait: a name goes with neither selector nor count. Leave out the name to wait for several objects.');
  }
  const met = parseCondition(request.for, ({ metadata: { uid = '' } }) => port.lister('events').byIndex('involved', uid));
  const lister = port.lister(resource);
  const where = def.namespaced ? namespace : '';
  if (name !== undefined) return one(lister, where, name, met, `${resource} ${name} to be '${request.for}'`);
  const what = `${count === undefined ? 'all' : count} ${resource}${selector === '' ? '' : ` with '${selector}'`} to be '${request.for}'`;
  return several({ lister, where, labels: selectorOf(selector), met, count, what });
}

function one(lister: Lister, namespace: string, name: string, met: Predicate, what: string): Waited {
  return {
    what,
    met: () => met(lister.get(namespace, name)),
    state: () => {
      const object = lister.get(namespace, name);
      return object ? { object } : {};
    },
  };
}

interface Several {
  readonly lister: Lister;
  readonly where: string;
  readonly labels: LabelSelector;
  readonly met: Predicate;
  readonly count: number | undefined;
  readonly what: string;
}

/** Without a count all must meet it, and there must be one; but all of none are deleted. */
function several({ lister, where, labels, met, count, what }: Several): Waited {
  const selected = () => lister.list(where).filter(({ metadata }) => labels.matches(metadata.labels));
  return {
    what,
    met: () => {
      const objects = selected();
      const meeting = objects.filter(met).length;
      return count === undefined ? meeting === objects.length && (objects.length > 0 || met(undefined)) : meeting === count;
    },
    state: () => ({ objects: selected() }),
  };
}

function selectorOf(text: string): LabelSelector {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (error instanceof LabelSelectorError) throw new EmulatorError(400, `Failed to wait: '${text}' is no label selector: ${error.message}. Write app=web,tier!=db.`);
    throw error;
  }
}
