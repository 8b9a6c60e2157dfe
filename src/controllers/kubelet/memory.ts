/** What a kubelet remembers of a Pod between two syncs, as the pure functions see it. */
import type { Millis } from '../../clock/clock.ts';
import type { PodCondition, PodStatus } from '../../schema/core/v1.ts';
import type { PodResources } from './pod-resources.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';
export type ProbeResult = 'success' | 'failure' | 'unknown';

/** Why the last attempt to start a container failed: what its waiting state shows from the next sync on. */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

/** What the probe workers have found out. */
export interface ProbeState {
  /** The result that counts for an instance; undefined before its worker has seen it. */
  result(kind: ProbeKind, containerId: string): ProbeResult | undefined;
  /** Whether a worker for this container exists. */
  probed(kind: ProbeKind, containerName: string): boolean;
}

export interface PodMemory {
  /** The status last handed to the status manager; the API's before that. */
  readonly status: PodStatus;
  /** By container name. */
  readonly waitingReasons: ReadonlyMap<string, WaitingReason>;
  readonly probes: ProbeState;
  /** PodResizePending and PodResizeInProgress, as they stand. */
  readonly resizeConditions: readonly PodCondition[];
  /** What the Pod and its running containers have got. */
  readonly actuated: PodResources;
  readonly hostIPs: readonly string[];
  readonly kubeletStartedAt: Millis;
}
