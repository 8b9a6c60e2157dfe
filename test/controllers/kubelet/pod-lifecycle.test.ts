import { describe, expect, test } from 'vitest';
import { realisticLatencies } from '../../../src/controllers/kubelet/latencies.ts';
import { KubeletHarness } from '../../support/kubelet-harness.ts';

const sh = (script: string) => ['sh', '-c', script];
const image = 'busybox:1.36';
const forever = sh("trap 'exit 0' TERM; sleep 1000 & wait");
const present = `Pulled Container image "${image}" already present on machine and can be accessed by the pod`;

describe('a Pod that ends by itself', () => {
  test('shows every step on its way, also when no step takes time', () => {
    const node = new KubeletHarness();
    node.createPod({ restartPolicy: 'Never', containers: [{ name: 'a', image, command: sh('sleep 3; exit 0') }] });
    node.run(10);
    expect(node.story()).toEqual([
      '0 ADDED Pending Ready=-',
      '0 Pending Ready=False a:waiting(ContainerCreating)',
      '0 Pending Ready=False a:waiting(ContainerCreating)',
      '0 Running Ready=True a:running',
      '3 Running Ready=False a:terminated(Completed)',
      '3 Succeeded Ready=False a:terminated(Completed)',
    ]);
    expect(node.events()).toEqual([present, 'Created Container created', 'Started Container started']);
  });

  test('is terminal a look at the runtime later than its container, as on a real node', () => {
    const node = new KubeletHarness(realisticLatencies);
    node.createPod({ restartPolicy: 'Never', containers: [{ name: 'a', image, command: sh('sleep 3; exit 1') }] });
    node.run(10);
    expect(node.story().slice(-2)).toEqual(['3.278 Running Ready=False a:terminated(Error)', '4.398 Failed Ready=False a:terminated(Error)']);
  });
});

test('a deleted Pod shows its end in one write and is then deleted for good', () => {
  const node = new KubeletHarness(realisticLatencies);
  node.createPod({ containers: [{ name: 'a', image, command: forever }] });
  node.run(4);
  node.deletePod();
  node.run(5);
  expect(node.story().slice(-5)).toEqual([
    '4 deleting Running Ready=True a:running',
    '4.033 deleting Running Ready=True a:running',
    '4.153 deleting Succeeded Ready=False a:terminated(Completed)',
    '4.293 deleting Succeeded Ready=False a:terminated(Completed)',
    '4.293 DELETED deleting Succeeded Ready=False a:terminated(Completed)',
  ]);
  expect(node.events()).toContain('Killing Stopping container a');
  expect(node.runtime.podUids()).toEqual([]);
  expect(node.clock.pending().count).toBe(0);
});

test('a Pod that is deleted by force is still stopped in the runtime', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, command: forever }] });
  node.run(1);
  node.deletePod('p', 0);
  expect(node.pod()).toBeUndefined();
  node.run(1);
  expect(node.runtime.podUids()).toEqual([]);
});

test('a crash is answered at once, then after 10 s and 20 s from the end, up to half as long again', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, command: sh('exit 1') }] });
  node.run(60);
  const restarts = node.seen.filter(({ pod }) => pod.status.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff').map(({ t }) => t);
  expect(restarts).toHaveLength(2);
  expect(restarts[0]).toBeGreaterThanOrEqual(10);
  expect(restarts[0]).toBeLessThanOrEqual(15);
  expect(restarts[1]! - restarts[0]!).toBeGreaterThanOrEqual(20);
  expect(restarts[1]! - restarts[0]!).toBeLessThanOrEqual(30);
  expect(node.status().phase).toBe('Running');
  expect(node.status().containerStatuses![0]!.lastState!.terminated!.exitCode).toBe(1);
});

test('sidecars start before, and stop after, the containers they serve', () => {
  const node = new KubeletHarness();
  node.createPod({
    restartPolicy: 'Never',
    initContainers: [{ name: 'side', image, restartPolicy: 'Always', command: forever }, { name: 'init', image, command: sh('sleep 2') }],
    containers: [{ name: 'main', image, command: sh('sleep 3') }],
  });
  node.run(10);
  expect(node.story().slice(3)).toEqual([
    '0 Pending Ready=False side:running init:waiting(PodInitializing) main:waiting(PodInitializing)',
    '0 Pending Ready=False side:running init:running main:waiting(PodInitializing)',
    '2 Pending Ready=False side:running init:terminated(Completed) main:waiting(PodInitializing)',
    '2 Running Ready=True side:running init:terminated(Completed) main:running',
    '5 Running Ready=False side:running init:terminated(Completed) main:terminated(Completed)',
    '5 Running Ready=False side:terminated(Completed) init:terminated(Completed) main:terminated(Completed)',
    '5 Succeeded Ready=False side:terminated(Completed) init:terminated(Completed) main:terminated(Completed)',
  ]);
});

test('a missing image is pulled again and again, and statuses lag by one look', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image: 'registry.test/missing:1', command: forever }] });
  node.run(14.9);
  const reasons = node.seen.map(({ pod }) => pod.status.containerStatuses?.[0]?.state?.waiting?.reason).filter((r) => r !== undefined);
  expect([...new Set(reasons)]).toEqual(['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff']);
  expect(node.events()[0]).toBe('Pulling Pulling image "registry.test/missing:1" ×2');
});

test('a Pod that asks for more than the node has is refused, without conditions and containers', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, resources: { requests: { cpu: '20' } } }] });
  node.run(1);
  expect(node.status()).toEqual({
    observedGeneration: 1, phase: 'Failed', reason: 'OutOfcpu', startTime: '2026-01-01T00:00:00Z', qosClass: 'Burstable',
    message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 20000, used: 0, capacity: 4000",
  });
});

test('a failed liveness probe restarts the container', () => {
  const node = new KubeletHarness();
  node.runtime.execs.set('false', { exitCode: 1, output: 'no', timedOut: false });
  node.createPod({ containers: [{ name: 'a', image, command: forever, livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 2 } }] });
  node.run(3);
  expect(node.status().containerStatuses![0]!.restartCount).toBeGreaterThanOrEqual(1);
  expect(node.events()).toContain('Killing Container a failed liveness probe, will be restarted');
});

test('a lost kubelet leaves containers alone and takes them up again', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, command: sh('sleep 5; exit 3') }], restartPolicy: 'Never' });
  node.run(1);
  node.kubelet.stop();
  expect(node.clock.pending().count).toBe(1);
  node.run(10);
  expect(node.status().phase).toBe('Running');
  node.kubelet.start();
  node.run(1);
  expect(node.status().phase).toBe('Failed');
  expect(node.status().containerStatuses![0]!.state!.terminated!.exitCode).toBe(3);
});

test('a quiet Pod has no timer', () => {
  const node = new KubeletHarness(realisticLatencies);
  node.createPod({ containers: [{ name: 'a', image, command: forever }] });
  node.run(5);
  expect(node.status().phase).toBe('Running');
  expect(node.clock.pending().count).toBe(0);
});

test('a change of the status by hand is put right within 10 s', () => {
  const node = new KubeletHarness(realisticLatencies);
  node.createPod({ containers: [{ name: 'a', image, command: forever }] });
  node.run(5);
  node.do({
    verb: 'patch', resource: 'pods', namespace: 'default', name: 'p', subresource: 'status', patchType: 'merge',
    patch: { status: { phase: 'Failed', reason: 'ByHand' } },
  });
  expect(node.status().phase).toBe('Failed');
  node.run(10);
  expect([node.status().phase, node.status().reason]).toEqual(['Running', undefined]);
  expect(node.clock.pending().count).toBe(0);
});

test('a static Pod runs whatever happens to its mirror, and goes with its manifest', () => {
  const node = new KubeletHarness();
  node.kubelet.writeStaticPod('web.yaml', { metadata: { name: 'web' }, spec: { containers: [{ name: 'a', image, command: forever, resources: {} }] } });
  node.run(1);
  const name = 'web-node-1';
  const [before] = [node.pod(name)!.metadata.uid];
  expect(node.status(name).phase).toBe('Running');
  node.deletePod(name);
  node.run(1);
  expect(node.pod(name)!.metadata.uid).not.toBe(before);
  expect([node.status(name).phase, node.status(name).containerStatuses![0]!.restartCount]).toEqual(['Running', 0]);
  node.kubelet.removeStaticPod('web.yaml');
  node.run(1);
  expect(node.pod(name)).toBeUndefined();
  expect(node.runtime.podUids()).toEqual([]);
});

test('a node short of memory evicts a Pod and says why', () => {
  const node = new KubeletHarness();
  node.createPod({ containers: [{ name: 'a', image, command: sh("trap 'exit 143' TERM; sleep 1000 & wait") }] });
  node.run(1);
  node.kubelet.setPressure('MemoryPressure', true);
  node.run(11);
  const message = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 50Mi. ';
  const { phase, reason, message: why, conditions } = node.status();
  expect([phase, reason, why, conditions![0]!.type, conditions![0]!.reason]).toEqual(['Failed', 'Evicted', message, 'DisruptionTarget', 'TerminationByKubelet']);
});

test('a volume follows its ConfigMap, the environment does not', () => {
  const node = new KubeletHarness();
  const data = (k: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { k } });
  node.do({ verb: 'create', resource: 'configmaps', namespace: 'default', object: data('one') });
  node.createPod({
    volumes: [{ name: 'v', configMap: { name: 'c' } }],
    containers: [{
      name: 'a', image, command: forever, volumeMounts: [{ name: 'v', mountPath: '/v' }],
      env: [{ name: 'K', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } }],
    }],
  });
  const shown = () => [...node.runtime.volumes.values()].map((files) => Buffer.from(files.get('k')!.data).toString());
  node.run(1);
  expect([shown(), node.runtime.configs[0]!.env]).toEqual([['one'], [['K', 'one']]]);
  node.do({ verb: 'update', resource: 'configmaps', object: data('two') });
  node.run(90);
  expect([shown(), node.runtime.configs.length]).toEqual([['two'], 1]);
});
