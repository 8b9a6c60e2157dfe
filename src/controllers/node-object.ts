/** The Node object as a kubelet v1.36.2 on a small Linux machine makes it. Pure. */
import type { Node, NodeCondition } from '../schema/core/v1.ts';
import { parseQuantity } from '../schema/values/quantity.ts';

export interface NodeOptions {
  readonly name: string;
  /** InternalIP. */
  readonly ip: string;
  readonly cpu: string;
  readonly memory: string;
  /** How many Pods fit. */
  readonly pods: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly unschedulable?: boolean;
}

/** Ids that a machine has for life, and the one it gets at every boot. */
export interface MachineIds {
  readonly machineId: string;
  readonly bootId: string;
}

export type PressureType = 'MemoryPressure' | 'DiskPressure' | 'PIDPressure';

const ephemeralStorageBytes = 102_350_360_576;
/** A kubelet keeps a tenth of its disk for itself (hard eviction threshold nodefs.available<10%) and 100Mi of memory. */
const reservedStorage = 0.1;
const reservedMemoryBytes = 100 * 1024 * 1024;

/** `podCapacity` and reservations as `status.capacity` and `status.allocatable`. */
function resourcesOf({ cpu, memory, pods }: NodeOptions): { capacity: Record<string, string>; allocatable: Record<string, string> } {
  const storageKi = Math.floor(ephemeralStorageBytes / 1024);
  const memoryKi = Math.floor(Number(parseQuantity(memory).value()) / 1024);
  const rest = { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' };
  return {
    capacity: { cpu, 'ephemeral-storage': `${storageKi}Ki`, ...rest, memory: `${memoryKi}Ki`, pods },
    allocatable: {
      cpu, 'ephemeral-storage': String(Math.floor(storageKi * 1024 * (1 - reservedStorage))), ...rest,
      memory: `${Math.max(0, memoryKi - reservedMemoryBytes / 1024)}Ki`, pods,
    },
  };
}

/** The Node as the kubelet registers it. */
export function nodeObject(options: NodeOptions, ids: MachineIds, conditions: readonly NodeCondition[]): Node {
  const { name, ip, labels, unschedulable } = options;
  const platform = {
    'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux',
  };
  return {
    apiVersion: 'v1', kind: 'Node',
    metadata: {
      name,
      labels: { ...platform, ...labels },
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
    },
    spec: unschedulable ? { unschedulable } : {},
    status: {
      ...resourcesOf(options),
      conditions: [...conditions],
      addresses: [{ type: 'InternalIP', address: ip }, { type: 'Hostname', address: name }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: nodeInfo(ids),
      runtimeHandlers: [{ name: '', features: { recursiveReadOnlyMounts: true, userNamespaces: true } }],
      features: { supplementalGroupsPolicy: true },
    },
  };
}

/** `status.nodeInfo`. */
export function nodeInfo({ machineId, bootId }: MachineIds) {
  return {
    machineID: machineId.replaceAll('-', ''),
    systemUUID: machineId,
    bootID: bootId,
    kernelVersion: '6.12.0-fakelet',
    osImage: 'fakelet',
    containerRuntimeVersion: 'containerd://2.2.9',
    kubeletVersion: 'v1.36.2',
    kubeProxyVersion: '',
    operatingSystem: 'linux',
    architecture: 'amd64',
  };
}

interface ConditionText { readonly reason: string; readonly message: string }
const pressureTexts: Readonly<Record<PressureType, { readonly on: ConditionText; readonly off: ConditionText }>> = {
  MemoryPressure: {
    on: { reason: 'KubeletHasInsufficientMemory', message: 'kubelet has insufficient memory available' },
    off: { reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
  },
  DiskPressure: {
    on: { reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure' },
    off: { reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
  },
  PIDPressure: {
    on: { reason: 'KubeletHasInsufficientPID', message: 'kubelet has insufficient PID available' },
    off: { reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
  },
};
const pressureTypes = Object.keys(pressureTexts) as PressureType[];

/** A condition as the kubelet sees it, without times. */
export interface ObservedCondition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
  /** Reason of the node event when it changes: `NodeHasSufficientMemory`. */
  readonly event: string;
}

const readyCondition: ObservedCondition = {
  type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status', event: 'NodeReady',
};
const shuttingDownCondition: ObservedCondition = {
  type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'node is shutting down', event: 'NodeNotReady',
};

/** The kubelet's four conditions, in its order. */
export function observedConditions(pressures: ReadonlySet<PressureType>, shuttingDown: boolean): ObservedCondition[] {
  const observed = pressureTypes.map((type): ObservedCondition => {
    const on = pressures.has(type);
    const text = on ? pressureTexts[type].on : pressureTexts[type].off;
    return { type, status: on ? 'True' : 'False', ...text, event: text.reason.replace('Kubelet', 'Node') };
  });
  return [...observed, shuttingDown ? shuttingDownCondition : readyCondition];
}

/** The observed conditions with times: a transition is a change of the status since `before`. */
export function stampConditions(observed: readonly ObservedCondition[], before: readonly NodeCondition[], now: string): NodeCondition[] {
  return observed.map(({ type, status, reason, message }) => {
    const old = before.find((condition) => condition.type === type);
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
    return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message };
  });
}

/** All conditions, with the kubelet's own ones replaced. */
export function mergeConditions(all: readonly NodeCondition[], own: readonly NodeCondition[]): NodeCondition[] {
  return all.map((condition) => own.find(({ type }) => type === condition.type) ?? condition);
}
