/**
 * What a score plugin is. Given a Pod and the nodes it fits on, it answers with marks for them, or with nothing when it
 * has no opinion. Marks are normalised to 0 … 100 and weighed; the sum decides.
 */
import type { ClusterState } from '../cluster-state.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';

export const scoreMax = 100;

export interface Score {
  readonly name: string;
  readonly weight: number;
  /** One mark per node, 0 … 100, in the order of `nodes`; undefined: all the same. */
  marks(pod: PodInfo, nodes: readonly NodeInfo[], cluster: ClusterState): readonly number[] | undefined;
}

/** Scales marks so that the greatest becomes 100; reversed, the least becomes 100 (plugins/helper/normalize_score.go). */
export function normalize(marks: readonly number[], reverse = false): readonly number[] | undefined {
  const most = Math.max(...marks);
  if (most === 0) return undefined;
  return marks.map((mark) => {
    const scaled = Math.trunc((scoreMax * mark) / most);
    return reverse ? scoreMax - scaled : scaled;
  });
}
