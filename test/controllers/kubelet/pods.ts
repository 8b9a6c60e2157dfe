/** Small Pods and container statuses for tests of the kubelet's pure functions. */
import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from '../../../src/schema/core/v1.ts';

export interface PodShape {
  readonly policy?: string;
  readonly inits?: readonly Partial<Container>[];
  readonly mains?: readonly Partial<Container>[];
  readonly status?: PodStatus;
  readonly gates?: readonly string[];
}

export function makePod({ policy = 'Always', inits = [], mains = [{ name: 'a' }], status = {}, gates = [] }: PodShape): Pod {
  const container = (c: Partial<Container>): Container => ({ name: 'a', image: 'busybox:1.36', resources: {}, ...c });
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'uid', generation: 1 },
    spec: {
      restartPolicy: policy, containers: mains.map(container),
      ...(inits.length > 0 ? { initContainers: inits.map(container) } : {}),
      ...(gates.length > 0 ? { readinessGates: gates.map((conditionType) => ({ conditionType })) } : {}),
    },
    status,
  } as Pod;
}

const end = (exitCode: number): ContainerState => ({
  terminated: { exitCode, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' },
});

/**
 * The status of a container in short: `r` running, `w` waits for its first start, `tN` ended with N, `cN` waits for its
 * restart after N.
 */
export function containerStatus(name: string, short: string, more: Partial<ContainerStatus> = {}): ContainerStatus {
  const code = Number(short.slice(1) || '1');
  const states: Record<string, Pick<ContainerStatus, 'state' | 'lastState'>> = {
    r: { state: { running: { startedAt: '2026-01-01T00:00:00Z' } }, lastState: {} },
    w: { state: { waiting: { reason: 'ContainerCreating' } }, lastState: {} },
    t: { state: end(code), lastState: {} },
    c: { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: end(code) },
  };
  return { name, ready: false, restartCount: 0, image: 'busybox:1.36', imageID: '', ...states[short.charAt(0)]!, ...more };
}
