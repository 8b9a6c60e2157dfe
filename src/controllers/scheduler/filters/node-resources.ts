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
  const fits = pods.size < podsMax && fitsIn(requests.cpu, requested.cpu, allocatable.cpu)
    && fitsIn(requests.memory, requested.memory, allocatable.memory)
    && fitsIn(requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage);
  // Nearly every Pod asks for nothing else, and this is asked for every Pod and node.
  if (fits && requests.others.size === 0) return undefined;
  const needs: [name: string, amount: number, used: number, size: number][] = [
    ['cpu', requests.cpu, requested.cpu, allocatable.cpu],
    ['memory', requests.memory, requested.memory, allocatable.memory],
    ['ephemeral-storage', requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage],
  ];
  for (const [name, amount] of requests.others) needs.push([name, amount, requested.others.get(name) ?? 0, allocatable.others.get(name) ?? 0]);
  const short = needs.filter(([, amount, used, size]) => !fitsIn(amount, used, size));
  const reasons = [...(pods.size < podsMax ? [] : ['Too many pods']), ...short.map(([name]) => `Insufficient ${name}`)];
  if (reasons.length === 0) return undefined;
  return { plugin: 'NodeResourcesFit', reasons, unresolvable: short.some(([, amount, , size]) => amount > size) };
}

const fitsIn = (amount: number, used: number, size: number): boolean => amount <= 0 || amount <= size - used;
