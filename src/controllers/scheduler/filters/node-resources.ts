/** The filters that compare what a Pod asks for with what a node has left: resources and host ports. */
import type { NodeInfo } from '../node-info.ts';
import { portsConflict, type PodInfo } from '../pod-info.ts';
import { resolvable, type Filter, type Rejection } from './filter.ts';

const portsTaken = resolvable('NodePorts', "node(s) didn't have free ports for the requested pod ports");

export const nodePorts: Filter = {
  name: 'NodePorts',
  prepare({ hostPorts }) {
    if (hostPorts.length === 0) return undefined;
    return { check: (node) => (hostPorts.some((port) => node.hostPorts.some((taken) => portsConflict(port, taken))) ? portsTaken : undefined) };
  },
};

export const nodeResourcesFit: Filter = {
  name: 'NodeResourcesFit',
  prepare: (pod) => ({ check: (node) => fit(pod, node) }),
};

/** All resources that are short, in upstream's order. Beyond the node's size no preemption can help. */
function fit({ requests }: PodInfo, { allocatable, requested, pods, podsMax }: NodeInfo): Rejection | undefined {
  let reasons: string[] | undefined;
  let hopeless = false;
  const need = (name: string, amount: number, used: number, size: number) => {
    if (amount <= 0 || amount <= size - used) return;
    (reasons ??= []).push(`Insufficient ${name}`);
    hopeless ||= amount > size;
  };
  if (pods.size + 1 > podsMax) (reasons ??= []).push('Too many pods');
  need('cpu', requests.cpu, requested.cpu, allocatable.cpu);
  need('memory', requests.memory, requested.memory, allocatable.memory);
  need('ephemeral-storage', requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [name, amount] of requests.others) need(name, amount, requested.others.get(name) ?? 0, allocatable.others.get(name) ?? 0);
  return reasons && { plugin: 'NodeResourcesFit', reasons, unresolvable: hopeless };
}
