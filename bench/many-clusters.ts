/** Many clusters in one process: what one costs that nobody uses, what its first use costs, and a reset with its next use. */
import { ClusterSet } from '../src/cluster/cluster-set.ts';
import { clusterOf, heapBytes } from './clusters.ts';
import type { Figure } from './figure.ts';

const count = 100;
/** A suite of tests resets a cluster this often. */
const resets = 5;

export async function benchManyClusters(): Promise<Figure[]> {
  const clusters = new ClusterSet(clusterOf({}));
  const names = Array.from({ length: count }, (_, i) => `c${i}`);
  const before = heapBytes();
  const addMs = cpuMs(() => names.forEach((name) => void clusters.add({ name })));
  const emptyKb = (heapBytes() - before) / count / 1024;
  const useMs = cpuMs(() => names.forEach((name) => clusters.find(name).start()));
  const usedKb = (heapBytes() - before) / count / 1024;
  const all = names.map((name) => clusters.find(name));
  let resetMs = 0;
  let againMs = 0;
  for (let i = 0; i < resets; i++) {
    resetMs += cpuMs(() => all.forEach((cluster) => void cluster.reset())) / resets;
    againMs += cpuMs(() => all.forEach((cluster) => void cluster.start())) / resets;
  }
  await clusters.close();
  return [
    { what: 'add a cluster', measured: `${addMs.toFixed(2)} ms, ${emptyKb.toFixed(0)} KB`, target: '<= 1 ms, <= 300 KB' },
    { what: 'its first use: system objects, a node, controllers', measured: `${useMs.toFixed(2)} ms, ${usedKb.toFixed(0)} KB`, target: '' },
    { what: 'reset a small cluster, and its next use', measured: `${resetMs.toFixed(2)} ms, ${(resetMs + againMs).toFixed(2)} ms`, target: '<= 2 ms' },
  ];
}

/** CPU time per cluster. */
function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / count;
}
