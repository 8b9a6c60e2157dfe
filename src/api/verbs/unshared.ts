/** Copies of objects whose unchanged parts stay the stored ones. */
import { copy, isObject, setMember } from '../../lib/json.ts';
import type { KubeObject } from '../../schema/objects.ts';

/**
 * A copy that may be changed, but for the top-level members that are the very ones of `current` (`spec` above all, in a write
 * that left it alone): they stay so, which later steps recognise and pass over. Answers these, and the managedFields, beside it.
 */
export function unshared(object: Record<string, unknown>, current: KubeObject) {
  const value: Record<string, unknown> = {};
  const shared: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const member = object[name];
    if (name === 'metadata' && isObject(member)) value[name] = copyButOwners(member, current.metadata);
    else if (member === current[name]) setMember(value, name, shared[name] = member);
    else setMember(value, name, copy(member));
  }
  shared['metadata'] = { managedFields: current.metadata.managedFields };
  return { value, shared };
}

function copyButOwners(metadata: Record<string, unknown>, { managedFields }: KubeObject['metadata']): Record<string, unknown> {
  if (managedFields === undefined || metadata['managedFields'] !== managedFields) return copy(metadata);
  const result = copy({ ...metadata, managedFields: undefined } as Record<string, unknown>);
  result['managedFields'] = managedFields;
  return result;
}
