/** `pods/eviction`: a deletion that asks the disruption budgets first (pkg/registry/core/pod/storage/eviction.go). */
import { normalize } from '../codec/normalize.ts';
import { copy } from '../../lib/json.ts';
import type { Pod } from '../../schema/core/v1.ts';
import type { Eviction, PodDisruptionBudget } from '../../schema/policy/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { fromLabelSelector } from '../../schema/values/label-selector.ts';
import { ApiError, badRequest, conflict, forbidden, notFound, plainError, tooManyRequests } from '../errors.ts';
import { setPodCondition } from '../pod-condition.ts';
import { listPrefix, storageKey } from '../registry.ts';
import { validateDeleteOptions, type DeleteOptions, type DeleteOptionsBody } from '../request-options.ts';
import type { Services } from '../services.ts';
import { deleteObject } from '../verbs/delete.ts';
import { nowText, put, type WriteContext } from '../verbs/write-context.ts';

const wouldViolate = "Cannot evict pod as it would violate the pod's disruption budget.";
const disruptedPodsMax = 2000;
const retryAfterSeconds = 10;

/** Evicts the Pod that `context` names. Throws ApiError. */
export function evict(services: Services, context: WriteContext, eviction: Eviction): void {
  const { def, namespace, name } = context;
  if (eviction.metadata?.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const options = deleteOptions(context, eviction.deleteOptions as DeleteOptionsBody | undefined);
  const stored = services.store.get(storageKey(def, namespace, name));
  if (!stored) throw notFound(def.groupResource, name);
  const pod = stored.value as unknown as Pod;
  const guarded = { ...options, preconditions: { resourceVersion: pod.metadata.resourceVersion!, ...options.preconditions } };
  if (isBeyondBudgets(pod)) return remove(services, context, pod, hasEnded(pod) ? options : guarded);
  const budget = budgetOf(services, pod);
  if (!budget) return remove(services, context, pod, options);
  if (mayGoUnhealthy(pod, budget)) return remove(services, context, pod, guarded);
  takeFromBudget(services, budget, name, options.dryRun);
  remove(services, context, pod, options);
}

function deleteOptions(context: WriteContext, body: DeleteOptionsBody = {}): DeleteOptions {
  const inBody = body.dryRun ?? [];
  if (context.dryRun && inBody.length > 0 && inBody[0] !== 'All') {
    throw plainError(`Non-matching dry-run options in request and content: [All] and [${inBody.join(' ')}]`);
  }
  const options = validateDeleteOptions(body);
  return { ...options, dryRun: options.dryRun || context.dryRun };
}

const hasEnded = ({ metadata, status }: Pod): boolean =>
  status.phase === 'Succeeded' || status.phase === 'Failed' || metadata.deletionTimestamp !== undefined;
const isBeyondBudgets = (pod: Pod): boolean => pod.status.phase === 'Pending' || hasEnded(pod);

function budgetOf({ registry, store }: Services, pod: Pod): PodDisruptionBudget | undefined {
  const page = store.list(listPrefix(registry.byName('poddisruptionbudgets.policy')!, pod.metadata.namespace!));
  const budgets = (page.ok ? page.items : []).map(({ value }) => value as unknown as PodDisruptionBudget)
    .filter(({ spec }) => fromLabelSelector((spec?.selector ?? undefined) as never)?.matches(pod.metadata.labels));
  if (budgets.length > 1) {
    throw new ApiError({
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500,
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    });
  }
  return budgets[0];
}

/** An unready Pod counts for nothing, so taking it away costs nothing while the healthy ones suffice. */
function mayGoUnhealthy(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (pod.status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True')) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0;
}

function takeFromBudget(services: Services, old: PodDisruptionBudget, podName: string, dryRun: boolean): void {
  const budget = copy(old);
  const { metadata, status } = budget;
  const name = metadata!.name!;
  const resource = { group: 'policy', resource: 'poddisruptionbudget' };
  if ((status.observedGeneration ?? 0) < (metadata!.generation ?? 0)) throw stillProcessed(name);
  if (status.disruptionsAllowed < 0) throw forbidden(resource, name, 'pdb disruptions allowed is negative');
  if (Object.keys(status.disruptedPods ?? {}).length > disruptedPodsMax) {
    throw forbidden(resource, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (status.disruptionsAllowed === 0) throw tooManyRequests(wouldViolate, 0, [{ reason: 'DisruptionBudget', message: whyNot(budget) }]);
  if (dryRun) return;
  const now = nowText(services);
  status.disruptionsAllowed--;
  if (status.disruptionsAllowed === 0) setInsufficient(budget, now);
  status.disruptedPods = { ...status.disruptedPods, [podName]: now };
  const def = services.registry.byName('poddisruptionbudgets.policy')!;
  put(services, storageKey(def, metadata!.namespace!, name), normalize(def.type, budget as unknown as KubeObject));
}

const stillProcessed = (name: string): ApiError => tooManyRequests(wouldViolate, retryAfterSeconds,
  [{ reason: 'DisruptionBudget', message: `The disruption budget ${name} is still being processed by the server.` }]);

function whyNot({ metadata, status }: PodDisruptionBudget): string {
  const name = metadata!.name!;
  const condition = status.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const blocked = condition?.status === 'False' && condition.message !== '';
  if (blocked && condition.reason === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`;
  }
  if (status.currentHealthy <= status.desiredHealthy) {
    return `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`;
  }
  const currently = `The disruption budget ${name} does not allow evicting pods currently`;
  return blocked ? `${currently} (${condition.reason}): ${condition.message}` : currently;
}

/** The condition that the disruption controller would set (pkg/controller/disruption UpdateDisruptionAllowedCondition). */
function setInsufficient({ metadata, status }: PodDisruptionBudget, now: string): void {
  const conditions = status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === 'DisruptionAllowed');
  const old = conditions[at];
  const next = {
    type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods', message: '',
    ...(metadata!.generation ? { observedGeneration: metadata!.generation } : {}),
    lastTransitionTime: old?.status === 'False' ? old.lastTransitionTime : now,
  };
  if (at < 0) status.conditions = [...conditions, next];
  else conditions[at] = next;
}

/** Marks the Pod as disrupted, then deletes it. */
function remove(services: Services, context: WriteContext, old: Pod, options: DeleteOptions): void {
  const { def, namespace, name } = context;
  let { preconditions } = options;
  if (!options.dryRun) {
    if (preconditions?.uid !== undefined && preconditions.uid !== old.metadata.uid) {
      throw conflict({ group: '', resource: 'Pod' }, name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record `
        + `(${old.metadata.uid}). The object might have been deleted and then recreated`);
    }
    const pod = copy(old);
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
    setPodCondition(pod.status, condition, nowText(services));
    const written = put(services, storageKey(def, namespace, name), normalize(def.type, pod as unknown as KubeObject));
    if (written.ok && preconditions?.resourceVersion !== undefined) {
      preconditions = { ...preconditions, resourceVersion: written.stored.value.metadata.resourceVersion! };
    }
  }
  deleteObject(services, { ...context, subresource: '', dryRun: options.dryRun }, { ...options, preconditions });
}
