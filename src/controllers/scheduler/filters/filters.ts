/** The filter plugins of the default profile, in upstream's order (pkg/scheduler/apis/config/v1/default_plugins.go). */
import type { Filter } from './filter.ts';
import { interPodAffinity } from './inter-pod-affinity.ts';
import { nodeAffinity, nodeName, nodeUnschedulable, taintToleration } from './node-filters.ts';
import { nodePorts, nodeResourcesFit } from './node-resources.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import { volumeBinding, volumeRestrictions, volumeZone } from './volumes.ts';

export const filters: readonly Filter[] = [
  nodeUnschedulable, nodeName, taintToleration, nodeAffinity, nodePorts, nodeResourcesFit,
  volumeRestrictions, volumeBinding, volumeZone, podTopologySpread, interPodAffinity,
];
