/** Which objects of a resource a request selects: its label and field selectors, made fit for the resource. */
import { FieldSelector } from '../schema/values/field-selector.ts';
import type { LabelSelector } from '../schema/values/label-selector.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { ResourceFacts } from '../schema/resource-facts.ts';
import { quote } from '../lib/go-format.ts';
import { badRequest } from './errors.ts';
import type { ResourceDef } from './registry.ts';

/** Refuses fields that the resource does not select by, and renames those that have an older name. */
export function convertFields(selector: FieldSelector, facts: ResourceFacts): FieldSelector {
  const known = facts.fieldSelectors ?? ['metadata.name', 'metadata.namespace'];
  return new FieldSelector(selector.requirements.map((requirement) => {
    if (!known.includes(requirement.field)) throw badRequest(unknownField(requirement.field, facts));
    const renamed = facts.fieldSelectorRenames?.[requirement.field];
    return renamed === undefined ? requirement : { ...requirement, field: renamed };
  }));
}

function unknownField(label: string, facts: ResourceFacts): string {
  return facts.fieldSelectorError?.replace('<label>', label)
    ?? `${quote(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** A test for stored objects, or undefined when everything is selected. */
export function objectTest(def: ResourceDef, labels: LabelSelector, fields: FieldSelector): ((object: KubeObject) => boolean) | undefined {
  if (labels.empty && fields.empty) return undefined;
  const { strategy } = def;
  return (object) => {
    if (!labels.matches(object.metadata.labels)) return false;
    if (fields.empty) return true;
    let own: Record<string, string> | undefined;
    return fields.matches((field) => {
      if (field === 'metadata.name') return object.metadata.name;
      if (field === 'metadata.namespace') return object.metadata.namespace;
      own ??= strategy.selectableFields?.(object) ?? {};
      return own[field];
    });
  };
}
