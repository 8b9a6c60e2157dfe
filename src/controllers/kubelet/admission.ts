/** Whether a node takes a Pod that was bound to it (lifecycle/predicate.go). Pure. */
import type { Node, Pod } from '../../schema/core/v1.ts';
import { requiredNodeTest, untoleratedTaint } from '../node-matching.ts';
import { podInfo, portsConflict, type HostPort } from '../scheduler/pod-info.ts';
import { amountsOfList, type Amounts } from '../scheduler/resources.ts';
import { isStaticPod } from './phase.ts';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** What the Pods that run on the node were given. */
export interface NodeUsage {
  readonly requests: Amounts;
  readonly pods: number;
  readonly hostPorts: readonly HostPort[];
}

const criticalPriority = 2_000_000_000;

export const isCriticalPod = (pod: Pod): boolean => isStaticPod(pod) || (pod.spec.priority ?? 0) >= criticalPriority;

/** The first reason against the Pod, or undefined. `used` is without the Pod itself. */
export function admissionRejection(pod: Pod, node: Node | undefined, used: NodeUsage): Rejection | undefined {
  if (!node) return { reason: 'InvalidNodeInfo', message: 'Kubelet cannot get node info.' };
  const os = pod.metadata.labels?.['kubernetes.io/os'];
  if (os !== undefined && os !== 'linux') {
    return { reason: 'PodOSSelectorNodeLabelDoesNotMatch', message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label" };
  }
  if (pod.spec.os && pod.spec.os.name !== 'linux') {
    return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" };
  }
  return underPressure(pod, node) ?? outOfResources(pod, node, used) ?? predicateFailed(pod, node, used);
}

/** A node under pressure takes critical Pods only; memory pressure turns away those that ask for nothing (eviction_manager.go Admit). */
function underPressure(pod: Pod, node: Node): Rejection | undefined {
  const types = (node.status.conditions ?? []).filter(({ type, status }) => type.endsWith('Pressure') && status === 'True').map(({ type }) => type);
  if (types.length === 0 || isCriticalPod(pod)) return undefined;
  if (types.every((type) => type === 'MemoryPressure')) {
    const tolerated = !untoleratedTaint([{ key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' }], pod.spec.tolerations ?? [], ['NoSchedule']);
    if (pod.status.qosClass !== 'BestEffort' || tolerated) return undefined;
  }
  return { reason: 'Evicted', message: `The node had condition: [${types.join(' ')}]. ` };
}

/** Extended resources that the node does not know do not count: they are somebody else's business. */
export function outOfResources(pod: Pod, node: Node, { requests: used, pods: running }: NodeUsage): Rejection | undefined {
  const allocatable = amountsOfList(node.status.allocatable);
  const pods = allocatable.others.get('pods') ?? 110;
  if (running + 1 > pods) return shortage('pods', 1, running, pods);
  for (const [name, amountOf] of Object.entries(amounts)) {
    const requested = amountOf(podInfo(pod).requests);
    if (requested > 0 && requested > amountOf(allocatable) - amountOf(used)) return shortage(name, requested, amountOf(used), amountOf(allocatable));
  }
  for (const [name, requested] of podInfo(pod).requests.others) {
    const capacity = allocatable.others.get(name);
    const taken = used.others.get(name) ?? 0;
    if (capacity !== undefined && requested > 0 && requested > capacity - taken) return shortage(name, requested, taken, capacity);
  }
  return undefined;
}

const amounts: Readonly<Record<string, (of: Amounts) => number>> = {
  cpu: ({ cpu }) => cpu, memory: ({ memory }) => memory, 'ephemeral-storage': ({ ephemeralStorage }) => ephemeralStorage,
};

const shortage = (name: string, requested: number, used: number, capacity: number): Rejection => ({
  reason: `OutOf${name}`,
  message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
});

function predicateFailed(pod: Pod, node: Node, { hostPorts: taken }: NodeUsage): Rejection | undefined {
  const failed = (reason: string, why: string) => ({ reason, message: `Predicate ${reason} failed: ${why}` });
  const matches = requiredNodeTest(pod);
  if (matches && !matches(node)) return failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
  if (pod.spec.nodeName !== node.metadata.name) return failed('NodeName', "node(s) didn't match the requested node name");
  if (podInfo(pod).hostPorts.some((port) => taken.some((other) => portsConflict(port, other)))) {
    return failed('NodePorts', "node(s) didn't have free ports for the requested pod ports");
  }
  if (!isStaticPod(pod) && untoleratedTaint(node.spec.taints ?? [], pod.spec.tolerations ?? [], ['NoExecute'])) {
    return failed('TaintToleration', "node(s) had taints that the pod didn't tolerate");
  }
  return undefined;
}
