/** Why a Pod fits nowhere, in the words of `FailedScheduling` (framework.FitError). Pure. */
import type { Rejection } from './filters/filter.ts';

export const noNodes = 'no nodes available to schedule pods';

/** `2 Insufficient cpu` and the like, sorted as texts. */
export function fitError(nodeCount: number, reasons: ReadonlyMap<string, number>): string {
  const histogram = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available: ${histogram.join(', ')}.`;
}

/** The message when a filter rejected the Pod before any node was looked at. */
export function podRejectedError(nodeCount: number, message: string): string {
  // DynamicResources has no state yet when an earlier plugin's PreFilter fails, and its PostFilter says so: "not found"
  // (golden sched-pvc-missing).
  return `0/${nodeCount} nodes are available: ${message}. not found`;
}

/** Counts reasons over nodes. */
export function countReasons(rejections: Iterable<Rejection>): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const rejection of rejections) for (const reason of rejection.reasons) addReason(reasons, reason, 1);
  return reasons;
}

export function addReason(reasons: Map<string, number>, reason: string, count: number): void {
  if (count > 0) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
}
