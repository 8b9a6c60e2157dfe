/** The strategic merge patch from one Pod status to another, as the kubelet sends it (util/pod PatchPodStatus). */
import type { PodCondition, PodStatus } from '../../schema/core/v1.ts';
import { equal, isObject } from '../../lib/json.ts';

type Patch = Record<string, unknown>;

/** Lists that are merged by a key; all others are replaced. */
const mergeKeys: Readonly<Record<string, string>> = { conditions: 'type', podIPs: 'ip', hostIPs: 'ip' };

/** The body of the patch, or undefined when nothing differs. */
export function statusPatch(uid: string, from: PodStatus, to: PodStatus): Patch | undefined {
  const status = diff(from as Patch, to as Patch);
  return Object.keys(status).length === 0 ? undefined : { metadata: { uid }, status };
}

function diff(from: Patch, to: Patch): Patch {
  const patch: Patch = {};
  for (const name of Object.keys(to)) {
    const before = from[name];
    const after = to[name];
    const mergeKey = mergeKeys[name];
    if (equal(before, after)) continue;
    if (mergeKey !== undefined) Object.assign(patch, listDiff(name, mergeKey, (before ?? []) as Patch[], after as Patch[]));
    else if (isObject(before) && isObject(after)) patch[name] = diff(before, after);
    else patch[name] = after;
  }
  for (const name of Object.keys(from)) if (to[name] === undefined) patch[name] = null;
  return patch;
}

function listDiff(name: string, key: string, before: readonly Patch[], after: readonly Patch[]): Patch {
  const changed: Patch[] = [];
  for (const item of after) {
    const old = before.find((other) => other[key] === item[key]);
    if (!old) changed.push(item);
    else if (!equal(old, item)) changed.push({ ...diff(old, item), [key]: item[key] });
  }
  for (const old of before) {
    if (!after.some((item) => item[key] === old[key])) changed.push({ $patch: 'delete', [key]: old[key] });
  }
  return { [`$setElementOrder/${name}`]: after.map((item) => ({ [key]: item[key] })), [name]: changed };
}

/** Conditions as they are compared: without times and generations. */
export const sameVerdict = (a: PodCondition, b: PodCondition): boolean =>
  a.status === b.status && (a.reason ?? '') === (b.reason ?? '') && (a.message ?? '') === (b.message ?? '');
