/** Taints that follow from what is known of a node. */
import type { ApiPort, Outcome } from '../api/port.ts';
import type { Millis } from '../clock/clock.ts';
import type { Node, Taint } from '../schema/core/v1.ts';
import { formatTime } from '../schema/values/time.ts';
import { answer, type Task } from './task.ts';

export const notReady = 'node.kubernetes.io/not-ready';
export const unreachable = 'node.kubernetes.io/unreachable';
const unschedulable = 'node.kubernetes.io/unschedulable';

/** Condition type → status → taint. */
const conditionTaints: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReady, Unknown: unreachable },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const managed: ReadonlySet<string> = new Set([unschedulable, ...Object.values(conditionTaints).flatMap((keys) => Object.values(keys))]);

/** `True`, `False`, `Unknown`, or undefined for a node without the condition. */
export function readyStatus(node: Node): string | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

/** Keys of the NoSchedule taints that a node should have. */
export function schedulingTaints({ spec, status }: Node): string[] {
  const keys = (status?.conditions ?? []).flatMap(({ type, status: value }) => conditionTaints[type]?.[value] ?? []);
  return spec?.unschedulable ? [...keys, unschedulable] : keys;
}

/** What separates the node's NoSchedule taints from the wanted ones. Taints that somebody else manages don't count. */
export function taintsDiffer(node: Node, wanted: readonly string[]): { missing: Taint[]; obsolete: Taint[] } {
  const present = (node.spec?.taints ?? []).filter(({ key, effect }) => effect === 'NoSchedule' && managed.has(key));
  return {
    missing: wanted.filter((key) => !present.some((taint) => taint.key === key)).map((key) => ({ key, effect: 'NoSchedule' })),
    obsolete: present.filter(({ key }) => !wanted.includes(key)),
  };
}

const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;

/** Adds taints, stamped with the time, then takes others away: two writes, as upstream's SwapNodeControllerTaint. The last outcome. */
export function* swapTaints(port: ApiPort, { metadata, spec }: Node, add: readonly Taint[], remove: readonly Taint[], now: Millis): Task<Outcome | undefined> {
  const before = spec?.taints ?? [];
  const kept = before.filter((taint) => !add.some((one) => same(one, taint)));
  const grown = [...kept, ...add.map((taint) => ({ ...taint, timeAdded: formatTime(now) }))];
  const shrunk = grown.filter((taint) => !remove.some((one) => same(one, taint)));
  const write = (taints: readonly Taint[]) => answer(port, {
    verb: 'patch', resource: 'nodes', name: metadata.name ?? '', patchType: 'strategic', patch: { spec: { taints: taints.length > 0 ? taints : null } },
  });
  const added = add.length > 0 ? yield* write(grown) : undefined;
  return added?.ok === false || shrunk.length === grown.length ? added : yield* write(shrunk);
}
