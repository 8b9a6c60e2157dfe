/** Objects for tests. */

/** A ready Node of 4 CPUs, 8 GiB and 110 Pods. */
export function node(name: string, more: { labels?: Record<string, string>; spec?: object; allocatable?: Record<string, string> } = {}): object {
  const allocatable = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi', ...more.allocatable };
  return {
    apiVersion: 'v1', kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...more.labels } },
    spec: more.spec ?? {},
    status: { capacity: allocatable, allocatable, conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: null, lastTransitionTime: null }] },
  };
}

/** A Pod with one container. */
export function pod(name: string, spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'a', image: 'img:1' }], ...spec },
  };
}

/** A Pod that asks for resources. */
export function podAsking(name: string, requests: Record<string, string>, spec: object = {}): object {
  return pod(name, { containers: [{ name: 'a', image: 'img:1', resources: { requests } }], ...spec });
}

export function priorityClass(name: string, value: number): object {
  return { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value };
}
