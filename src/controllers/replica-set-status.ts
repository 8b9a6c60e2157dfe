/** What a ReplicaSet says of its Pods, and which of them it gives up first (pkg/controller/replicaset, controller_utils.go). Pure. */
import type { ReplicaSet, ReplicaSetStatus } from '../schema/apps/v1.ts';
import type { Pod } from '../schema/core/v1.ts';
import { fromLabels } from '../schema/values/label-selector.ts';
import { formatTime, timeToMs } from '../schema/values/time.ts';
import { availableInMs, hasEnded, isActive, readySince } from './pod-readiness.ts';
import type { Failure } from './workload-pods.ts';

export interface Observed {
  readonly status: ReplicaSetStatus;
  /** When the next ready Pod will have been ready long enough. */
  readonly recheckAfterMs?: number;
}

export interface ObserveOptions {
  /** Why Pods could not be created or deleted. */
  readonly failure: Failure | undefined;
  /** A ReplicationController has no such counter. */
  readonly countsTerminating: boolean;
}

/** The status of a ReplicaSet with these Pods. */
export function observe(set: ReplicaSet, pods: readonly Pod[], now: number, { failure, countsTerminating }: ObserveOptions): Observed {
  const active = pods.filter(isActive);
  const template = fromLabels(set.spec?.template?.metadata?.labels ?? {});
  const fullyLabeled = active.filter(({ metadata }) => template.matches(metadata.labels)).length;
  const waits = active.map((pod) => availableInMs(pod, set.spec?.minReadySeconds, now)).filter((ms) => ms !== undefined);
  const available = waits.filter((ms) => ms === 0).length;
  const pending = waits.filter((ms) => ms > 0);
  const conditions = failureConditions(set, now, failure);
  const status: ReplicaSetStatus = {
    replicas: active.length,
    ...(fullyLabeled > 0 ? { fullyLabeledReplicas: fullyLabeled } : {}),
    ...(waits.length > 0 ? { readyReplicas: waits.length } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(countsTerminating ? { terminatingReplicas: pods.filter((pod) => pod.metadata.deletionTimestamp && !hasEnded(pod)).length } : {}),
    ...(set.metadata.generation ? { observedGeneration: set.metadata.generation } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  return { status, ...(pending.length > 0 ? { recheckAfterMs: Math.min(...pending) } : {}) };
}

function failureConditions({ status }: ReplicaSet, now: number, failure: Failure | undefined) {
  const conditions = status?.conditions ?? [];
  const others = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) return others;
  if (others.length < conditions.length) return conditions;
  return [...others, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(now), ...failure }];
}

const phaseRank: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const deletionCost = ({ metadata }: Pod): number => Number.parseInt(metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '0', 10) || 0;
const restarts = ({ status }: Pod): number => Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0));
const createdAt = ({ metadata }: Pod): number => timeToMs(metadata.creationTimestamp ?? formatTime(0));

/**
 * The Pods in the order in which they are given up: unassigned, then not running, then not ready, then cheap ones, those
 * on crowded Nodes, those ready for a shorter time, those that restarted more, younger ones (ActivePodsWithRanks).
 * `crowd` counts the related Pods on a Node; without it neither crowds nor costs matter (ActivePods).
 */
export function deletionOrder(pods: readonly Pod[], crowd?: ReadonlyMap<string, number>): Pod[] {
  const ranks = (pod: Pod): number[] => {
    const since = readySince(pod);
    return [
      pod.spec?.nodeName ? 1 : 0, phaseRank[pod.status?.phase ?? 'Pending'] ?? 0, since === undefined ? 0 : 1, crowd ? deletionCost(pod) : 0,
      -(crowd?.get(pod.spec?.nodeName ?? '') ?? 0), -(since ?? 0), -restarts(pod), -createdAt(pod),
    ];
  };
  const ranked = pods.map((pod) => ({ pod, ranks: ranks(pod) }));
  ranked.sort((a, b) => {
    const differs = a.ranks.findIndex((rank, i) => rank !== b.ranks[i]);
    return differs < 0 ? 0 : a.ranks[differs]! - b.ranks[differs]!;
  });
  return ranked.map(({ pod }) => pod);
}
