/**
 * The conditions of a namespace that is being deleted. Pure.
 * Upstream: pkg/controller/namespace/deletion/status_condition_utils.go.
 */
import type { NamespaceCondition } from '../schema/core/v1.ts';

/** What is left in a namespace after a pass over its content. */
export interface Remaining {
  /** `pods.` (resource, dot, group) → how many. */
  readonly objects: ReadonlyMap<string, number>;
  /** Finalizer → how many objects it holds. */
  readonly finalizers: ReadonlyMap<string, number>;
}

const fine: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  ['NamespaceDeletionContentFailure', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
];

/**
 * The conditions after a pass, or the same list when nothing changed.
 * `remaining` is undefined while Pods hold everything else up: upstream does not count then.
 */
export function namespaceConditions(
  before: readonly NamespaceCondition[], errors: readonly string[], remaining: Remaining | undefined, now: string,
): readonly NamespaceCondition[] {
  const troubles = troublesOf(errors, remaining);
  const next = [...before];
  let changed = false;
  for (const [type, okReason, okMessage] of fine) {
    const trouble = troubles.get(type);
    const wanted = trouble ? { status: 'True', ...trouble } : { status: 'False', reason: okReason, message: okMessage };
    const at = next.findIndex((condition) => condition.type === type);
    const old = next[at];
    if (old && old.status === wanted.status && old.reason === wanted.reason && old.message === wanted.message) continue;
    const lastTransitionTime = old && old.status === wanted.status ? old.lastTransitionTime : now;
    const condition = { type, status: wanted.status, lastTransitionTime, reason: wanted.reason, message: wanted.message };
    if (old) next[at] = condition;
    else next.push(condition);
    changed = true;
  }
  return changed ? next : before;
}

function troublesOf(errors: readonly string[], remaining: Remaining | undefined): Map<string, { reason: string; message: string }> {
  const troubles = new Map<string, { reason: string; message: string }>();
  if (errors.length > 0) {
    const message = `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`;
    troubles.set('NamespaceDeletionContentFailure', { reason: 'ContentDeletionFailed', message });
  }
  if (remaining && remaining.objects.size > 0) {
    const list = [...remaining.objects].map(([resource, count]) => `${resource} has ${count} resource instances`).sort().join(', ');
    troubles.set('NamespaceContentRemaining', { reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${list}` });
  }
  if (remaining && remaining.finalizers.size > 0) {
    const list = [...remaining.finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort().join(', ');
    const message = `Some content in the namespace has finalizers remaining: ${list}`;
    troubles.set('NamespaceFinalizersRemaining', { reason: 'SomeFinalizersRemain', message });
  }
  return troubles;
}
