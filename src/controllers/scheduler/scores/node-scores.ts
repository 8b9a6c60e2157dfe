/** The scores that look at each node alone: taints, affinity, resources, images. */
import { termTest, tolerates } from '../../node-matching.ts';
import { imageBytes, taggedImage } from '../image-spread.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { normalize, scoreMax, type Score } from './score.ts';

/** Fewer taints PreferNoSchedule that the Pod does not tolerate are better. */
export const taintToleration: Score = {
  name: 'TaintToleration',
  weight: 3,
  marks({ tolerations }, nodes) {
    if (!nodes.some(({ taints }) => taints.length > 0)) return undefined;
    const relevant = tolerations.filter(({ effect = '' }) => effect === '' || effect === 'PreferNoSchedule');
    return normalize(nodes.map(({ taints }) => taints.filter((taint) =>
      taint.effect === 'PreferNoSchedule' && !relevant.some((toleration) => tolerates(toleration, taint))).length), true);
  },
};

export const nodeAffinity: Score = {
  name: 'NodeAffinity',
  weight: 2,
  marks({ pod }, nodes) {
    const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return undefined;
    const tests = preferred.map(({ weight, preference }) => ({ weight, test: termTest(preference) }));
    return normalize(nodes.map(({ node }) => tests.reduce((sum, { weight, test }) => sum + (test(node!) ? weight : 0), 0)));
  },
};

/** The emptier the better (LeastAllocated over CPU and memory). */
export const nodeResourcesFit: Score = {
  name: 'NodeResourcesFit',
  weight: 1,
  marks: ({ assumedRequests: { cpu, memory } }, nodes) => nodes.map(({ allocatable, assumed }) => {
    const known = Number(allocatable.cpu > 0) + Number(allocatable.memory > 0);
    const free = freeShare(assumed.cpu + cpu, allocatable.cpu) + freeShare(assumed.memory + memory, allocatable.memory);
    return known === 0 ? 0 : Math.trunc(free / known);
  }),
};

function freeShare(requested: number, size: number): number {
  return size === 0 || requested > size ? 0 : Math.trunc(((size - requested) * scoreMax) / size);
}

/** CPU and memory should fill up evenly: better where the Pod evens out what is there. */
export const balancedAllocation: Score = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  marks({ requests: { cpu, memory } }, nodes) {
    if (cpu === 0 && memory === 0) return undefined;
    return nodes.map((node) => scoreMax / 2 + Math.trunc((scoreMax / 2 + balance(node, cpu, memory) - balance(node, 0, 0)) / 2));
  },
};

function balance({ allocatable, requested }: NodeInfo, cpu: number, memory: number): number {
  if (allocatable.cpu === 0 || allocatable.memory === 0) return scoreMax;
  const cpuShare = Math.min(1, (requested.cpu + cpu) / allocatable.cpu);
  const memoryShare = Math.min(1, (requested.memory + memory) / allocatable.memory);
  return Math.trunc((1 - Math.abs(cpuShare - memoryShare) / 2) * scoreMax);
}

const imageBytesMin = 23 * 1024 * 1024;
const imageBytesMaxPerContainer = 1000 * 1024 * 1024;

/** Better where the images are, less so when few nodes have them. */
export const imageLocality: Score = {
  name: 'ImageLocality',
  weight: 1,
  marks(pod, nodes, cluster) {
    const { containers, images } = imagesOf(pod);
    const known = images.filter((image) => cluster.images.nodesWith(image) > 0);
    if (known.length === 0) return undefined;
    const most = imageBytesMaxPerContainer * containers;
    const nodeCount = cluster.nodes().length;
    return nodes.map(({ node }) => {
      const bytes = known.reduce((sum, image) =>
        sum + Math.trunc((imageBytes(node!, image) * cluster.images.nodesWith(image)) / nodeCount), 0);
      const bounded = Math.min(most, Math.max(imageBytesMin, bytes));
      return Math.trunc((scoreMax * (bounded - imageBytesMin)) / (most - imageBytesMin));
    });
  },
};

function imagesOf({ pod }: PodInfo): { containers: number; images: string[] } {
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const volumes = (pod.spec?.volumes ?? []).flatMap(({ image }) => image?.reference ?? []);
  return { containers: containers.length, images: [...containers.map(({ image = '' }) => image), ...volumes].map(taggedImage) };
}
