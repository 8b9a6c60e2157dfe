/** Which Pods a Job makes or deletes next, and what they look like (pkg/controller/job manageJob). Pure. */
import type { Job } from '../../schema/batch/v1.ts';
import type { Container, Pod, PodTemplateSpec } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { hasEnded } from '../pod-readiness.ts';
import { deletionOrder } from '../replica-set-status.ts';
import { jobKind } from '../workload-ownership.ts';
import { podFromTemplate } from '../workload-pods.ts';
import { backoffOfIndex, remainingMs } from './job-backoff.ts';
import {
  failureCount, failureCountAnnotation, firstFree, ignoredCountAnnotation, ignoredFailureCount, indexAnnotation, indexOf, union, withIndexes,
} from './job-indexes.ts';
import { isIndexed, isSuspended, replacesFailedOnly, trackingFinalizer, type Look } from './job-look.ts';
import { judgeFailure } from './job-policies.ts';

/** So many Pods are made or deleted at a look (MaxPodCreateDeletePerSync). */
const podsPerLook = 500;
const indexVariable = 'JOB_COMPLETION_INDEX';
/** A generated name has five more letters and at most 63. */
const generatedPrefixMax = 58;

export interface PodPlan {
  readonly remove: readonly Pod[];
  readonly add: readonly KubeObject[];
  /** Failed Pods are not replaced before so many milliseconds have passed. */
  readonly waitMs?: number;
}

const nothing: PodPlan = { remove: [], add: [] };

export function planPods(view: Look): PodPlan {
  const { job, active } = view;
  if (isSuspended(job)) return { ...nothing, remove: surplus(job, active, active.length) };
  const wanted = wantedActive(view);
  const remove = surplus(job, active, Math.max(0, active.length - wanted)).slice(0, podsPerLook);
  if (remove.length > 0) return { ...nothing, remove };
  const missing = wanted - (replacesFailedOnly(job) ? view.terminating : 0) - active.length;
  return missing > 0 ? planCreation(view, missing) : nothing;
}

function wantedActive({ job, active, succeeded }: Look): number {
  const { parallelism, completions } = job.spec!;
  if ((completions ?? undefined) === undefined) return succeeded > 0 ? active.length : parallelism ?? 1;
  return Math.max(0, Math.min(completions! - succeeded, parallelism ?? 1));
}

function planCreation(view: Look, missing: number): PodPlan {
  const { job, now, backoff, delayed } = view;
  const perIndex = view.indexes?.failed !== undefined;
  const waitMs = perIndex ? 0 : remainingMs(backoff, now);
  if (waitMs > 0) return { ...nothing, waitMs };
  const count = Math.min(missing, podsPerLook);
  if (!view.indexes) {
    const pod = podFromTemplate(jobKind, job, tracked(job.spec!.template));
    return { ...nothing, add: Array<KubeObject>(count).fill(pod) };
  }
  const free = pendingIndexes(view, count);
  const waits = free.map((index) => ({ index, ms: perIndex ? remainingMs(backoffOfIndex(delayed.get(index)), now) : 0 }));
  const due = waits.filter(({ ms }) => ms === 0);
  if (due.length === 0 && waits.length > 0) return { ...nothing, waitMs: Math.min(...waits.map(({ ms }) => ms)) };
  return { ...nothing, add: due.map(({ index }) => indexedPod(view, index, perIndex)) };
}

/** The first indexes that are neither done, failed nor worked on. */
function pendingIndexes({ job, pods, active, indexes }: Look, count: number): number[] {
  const indexesOf = (some: readonly Pod[]) => some.map(indexOf).filter((index) => index !== undefined);
  const terminating = replacesFailedOnly(job) ? pods.filter((pod) => pod.metadata.deletionTimestamp && !hasEnded(pod)) : [];
  const worked = withIndexes(indexes!.succeeded, indexesOf([...active, ...terminating]));
  return firstFree(union(worked, indexes!.failed ?? []), count, job.spec?.completions ?? 0);
}

/** At least so many of the active Pods: those without a valid index, all but one of an index, then as Pods are given up. */
function surplus(job: Job, active: readonly Pod[], atLeast: number): Pod[] {
  if (!isIndexed(job)) return deletionOrder(active).slice(0, atLeast);
  const byIndex = new Map<number | undefined, Pod[]>();
  for (const pod of active) {
    const index = indexOf(pod);
    const valid = index !== undefined && index < (job.spec?.completions ?? 0) ? index : undefined;
    byIndex.set(valid, [...(byIndex.get(valid) ?? []), pod]);
  }
  const remove = [...(byIndex.get(undefined) ?? [])];
  byIndex.delete(undefined);
  const left: Pod[] = [];
  for (const pods of byIndex.values()) {
    const ordered = deletionOrder(pods);
    remove.push(...ordered.slice(0, -1));
    left.push(ordered.at(-1)!);
  }
  return [...remove, ...deletionOrder(left).slice(0, Math.max(0, atLeast - remove.length))];
}

function tracked(template: PodTemplateSpec): PodTemplateSpec {
  const finalizers = template.metadata?.finalizers ?? [];
  if (finalizers.includes(trackingFinalizer)) return template;
  return { ...template, metadata: { ...template.metadata, finalizers: [...finalizers, trackingFinalizer] } };
}

function indexedPod({ job, delayed }: Look, index: number, perIndex: boolean): KubeObject {
  const template = tracked(job.spec!.template);
  const { metadata, spec } = template;
  const own = { [indexAnnotation]: String(index) };
  const initContainers = spec?.initContainers?.map(withIndexVariable);
  const pod = podFromTemplate(jobKind, job, {
    metadata: {
      ...metadata,
      labels: { ...metadata?.labels, ...own },
      annotations: { ...metadata?.annotations, ...own, ...(perIndex ? failureCounts(job, delayed.get(index)) : {}) },
    },
    spec: {
      ...spec!, hostname: `${job.metadata.name}-${index}`,
      ...(initContainers ? { initContainers } : {}), containers: (spec?.containers ?? []).map(withIndexVariable),
    },
  });
  return { ...pod, metadata: { ...pod.metadata, generateName: generateName(job.metadata.name ?? '', index) } };
}

function generateName(job: string, index: number): string {
  const end = `-${index}-`;
  return job.slice(0, generatedPrefixMax - end.length) + end;
}

function withIndexVariable(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === indexVariable)) return container;
  return { ...container, env: [...env, { name: indexVariable, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } } }] };
}

/** What the successor of a failed Pod knows of the failures of its index. */
function failureCounts(job: Job, replaced: Pod | undefined): Record<string, string> {
  const counts = replaced === undefined || judgeFailure(job, replaced).counts;
  const failures = replaced ? failureCount(replaced) + (counts ? 1 : 0) : 0;
  const ignored = replaced ? ignoredFailureCount(replaced) + (counts ? 0 : 1) : 0;
  return { [failureCountAnnotation]: String(failures), ...(ignored > 0 ? { [ignoredCountAnnotation]: String(ignored) } : {}) };
}
