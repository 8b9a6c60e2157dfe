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
  marks: (pod, nodes) => nodes.map(({ allocatable, assumed }) => {
    const cpu = freeShare(assumed.cpu + pod.assumedRequests.cpu, allocatable.cpu);
    const memory = freeShare(assumed.memory + pod.assumedRequests.memory, allocatable.memory);
    const known = [cpu, memory].filter((share) => share !== undefined);
    return known.length === 0 ? 0 : Math.trunc(known.reduce((sum, share) => sum + share, 0) / known.length);
  }),
};

function freeShare(requested: number, size: number): number | undefined {
  if (size === 0) return undefined;
  return requested > size ? 0 : Math.trunc(((size - requested) * scoreMax) / size);
}

/** CPU and memory should fill up evenly: better where the Pod evens out what is there. */
export const balancedAllocation: Score = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  marks({ requests }, nodes) {
    if (requests.cpu === 0 && requests.memory === 0) return undefined;
    return nodes.map((node) => {
      const after = balance(node, requests.cpu, requests.memory);
      const before = balance(node, 0, 0);
      return scoreMax / 2 + Math.trunc((scoreMax / 2 + after - before) / 2);
    });
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
