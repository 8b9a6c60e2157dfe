/** Rows of Pods (pkg/printers/internalversion/printers.go, printPod). */
import type { ContainerState, ContainerStatus, Pod } from '../../schema/core/v1.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { age, ageOf, conditionStatus, nameOf, orNone, printer, type Loose, type Printers } from './cells.ts';

type AnyPod = Loose<Pod>;
type AnyStatus = Loose<ContainerStatus>;

/** Something worth knowing about a whole row. */
export interface RowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export const podPrinters: Printers = {
  '/Pod': printer<Pod>((pod, now) => {
    const summary = summarize(pod);
    const { spec, status } = pod;
    const restarts = summary.restarts.count !== 0 && summary.restarts.last !== undefined
      ? `${summary.restarts.count} (${age(summary.restarts.last, now)} ago)`
      : `${summary.restarts.count}`;
    return [
      nameOf(pod), `${summary.ready}/${summary.total}`, summary.reason, restarts, ageOf(pod, now),
      orNone(status?.podIPs?.[0]?.ip || status?.podIP), orNone(spec?.nodeName), orNone(status?.nominatedNodeName), readinessGates(pod),
    ];
  }),
};

export function podRowConditions(pod: AnyPod): RowCondition[] | undefined {
  switch (pod.status?.phase) {
    case 'Succeeded':
      return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }];
    case 'Failed':
      return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }];
    default:
      return undefined;
  }
}

/** Restarts of some containers and the time of the latest. */
class Restarts {
  count = 0;
  last: string | undefined;

  add(status: AnyStatus): void {
    this.count += status.restartCount ?? 0;
    const finished = status.lastState?.terminated?.finishedAt;
    if (finished && (this.last === undefined || timeToMs(finished) > timeToMs(this.last))) this.last = finished;
  }
}

interface Summary {
  readonly reason: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: Restarts;
}

function summarize(pod: AnyPod): Summary {
  const { metadata, spec, status } = pod;
  const sidecars = new Set((spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name));
  const init = walkInitContainers(pod, sidecars);
  let { reason, ready, restarts } = init;
  reason ??= initialReason(pod);
  if (!init.initializing || conditionStatus(status?.conditions, 'Initialized') === 'True') {
    // From here on the restarts of init containers that have done their work no longer count.
    restarts = init.sidecarRestarts;
    const main = walkContainers(pod, reason, restarts);
    reason = main.reason;
    ready += main.ready;
  }
  if (metadata?.deletionTimestamp) {
    if (status?.reason === 'NodeLost') reason = 'Unknown';
    else if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') reason = 'Terminating';
  }
  return { reason, ready, total: (spec?.containers?.length ?? 0) + sidecars.size, restarts };
}

function initialReason({ status }: AnyPod): string {
  const gated = status?.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated');
  return gated ? 'SchedulingGated' : status?.reason || (status?.phase ?? '');
}

/** Init containers in order, up to the first that still has to finish (or, for a sidecar, to start). */
function walkInitContainers(pod: AnyPod, sidecars: ReadonlySet<unknown>) {
  const restarts = new Restarts();
  const sidecarRestarts = new Restarts();
  let ready = 0;
  for (const [i, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(status.name);
    restarts.add(status);
    if (isSidecar) sidecarRestarts.add(status);
    if (status.state?.terminated && (status.state.terminated.exitCode ?? 0) === 0) continue;
    if (isSidecar && status.started) {
      if (status.ready) ready++;
      continue;
    }
    const reason = `Init:${initReason(status) ?? `${i}/${pod.spec?.initContainers?.length ?? 0}`}`;
    return { reason, ready, restarts, sidecarRestarts, initializing: true };
  }
  return { reason: undefined, ready, restarts, sidecarRestarts, initializing: false };
}

function initReason({ state }: AnyStatus): string | undefined {
  if (state?.terminated) return terminatedReason(state.terminated);
  const waiting = state?.waiting?.reason;
  return waiting && waiting !== 'PodInitializing' ? waiting : undefined;
}

/** Containers from last to first, so that the first one's reason wins. */
function walkContainers(pod: AnyPod, startReason: string, restarts: Restarts): { reason: string; ready: number } {
  let reason = startReason;
  let errorReason = '';
  let ready = 0;
  for (const status of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    restarts.add(status);
    const { state } = status;
    if (state?.waiting?.reason) {
      reason = state.waiting.reason;
    } else if (state?.terminated) {
      reason = terminatedReason(state.terminated);
      if ((state.terminated.exitCode ?? 0) !== 0) errorReason = reason;
    } else if (status.ready && state?.running) {
      ready++;
    }
  }
  if (reason !== 'Completed') return { reason, ready };
  const hasRunning = ready > 0;
  if (hasRunning && pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) return { reason: 'Running', ready };
  return { reason: errorReason || (hasRunning ? 'NotReady' : reason), ready };
}

function terminatedReason(terminated: NonNullable<Loose<ContainerState>['terminated']>): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode ?? 0}`;
}

function readinessGates({ spec, status }: AnyPod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const met = gates.filter(({ conditionType }) => conditionStatus(status?.conditions, conditionType ?? '') === 'True');
  return `${met.length}/${gates.length}`;
}
