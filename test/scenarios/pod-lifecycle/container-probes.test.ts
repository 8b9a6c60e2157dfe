/** Container probes: how the kubelet checks a container, and what follows from the three kinds of probe. */
import { expect, test } from 'vitest';
import { container, createPod, deletePod, eventsOf, getPod, obedient, send, shell } from '../../support/pods.ts';
import { sharedKube, timeIn } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const server = (probe: object) => ({ name: 'app', image: 'nginx:1.27', ports: [{ containerPort: 80 }], readinessProbe: probe });

/** Which containers of a Pod are ready after a minute, by name. */
const readyAfterAMinute = async (containers: readonly { name: string }[]) => {
  await createPod(kube, 'pod', { containers });
  await kube.clock.advance('1m');
  const pod = await getPod(kube, 'pod');
  return Object.fromEntries(containers.map(({ name }) => [name, container(pod, name).ready]));
};

test('an exec probe succeeds if its command exits with 0', async () => {
  const exec = (command: string) => ({ readinessProbe: { exec: { command: ['sh', '-c', command] } } });
  expect(await readyAfterAMinute([obedient('good', exec('exit 0')), obedient('bad', exec('exit 1'))])).toEqual({ good: true, bad: false });
});

test('an httpGet probe succeeds if the server answers at that port', async () => {
  const at = (port: number) => server({ httpGet: { path: '/', port } });
  expect(await readyAfterAMinute([{ ...at(80), name: 'good' }, { ...at(81), name: 'bad' }])).toEqual({ good: true, bad: false });
});

test('an httpGet probe fails with a status of 400 and above', async () => {
  const at = (path: string) => server({ httpGet: { path, port: 80 } });
  expect(await readyAfterAMinute([at('/nowhere')])).toEqual({ app: false });
  expect((await eventsOf(kube, 'pod'))).toContain('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404');
});

test('a tcpSocket probe succeeds if the port is open', async () => {
  const at = (port: number) => server({ tcpSocket: { port } });
  expect(await readyAfterAMinute([{ ...at(80), name: 'good' }, { ...at(81), name: 'bad' }])).toEqual({ good: true, bad: false });
});

test('a grpc probe succeeds if the server says SERVING', async () => {
  const health = (service: string) => ({
    name: service, image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args: ['grpc-health-checking', `--port=${service === 'good' ? 5000 : 6000}`, `--http-port=${service === 'good' ? 8080 : 9090}`],
    readinessProbe: { grpc: { port: service === 'good' ? 5000 : 6000, service: service === 'good' ? '' : service } },
  });
  expect(await readyAfterAMinute([health('good'), health('unknown')])).toEqual({ good: true, unknown: false });
});

test('a grpc probe fails where nothing listens', async () => {
  expect(await readyAfterAMinute([server({ grpc: { port: 81 } })])).toEqual({ app: false });
});

test('a probe that cannot be made changes nothing', async () => {
  const livenessProbe = { exec: { command: ['/no/such/command'] }, periodSeconds: 1, failureThreshold: 1 };
  await createPod(kube, 'pod', { containers: [obedient('app', { livenessProbe })] });
  await kube.clock.advance('1m');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ restartCount: 0, ready: true });
  expect(await eventsOf(kube, 'pod')).toContainEqual(expect.stringContaining('Unhealthy: Liveness probe errored and resulted in unknown state: '));
});

test('a container without probes is started and ready as soon as it runs', async () => {
  await createPod(kube, 'pod', { containers: [obedient('app')] });
  await kube.wait({ name: 'pod', for: 'phase=Running' });
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ started: true, ready: true });
});

test('a container is not ready before its readiness probe has succeeded', async () => {
  const readinessProbe = { exec: { command: ['true'] }, initialDelaySeconds: 20 };
  await createPod(kube, 'pod', { containers: [obedient('app', { readinessProbe })] });
  await kube.clock.advance('15s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ started: true, ready: false });
  await kube.clock.advance('20s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ started: true, ready: true });
});

test('a failing readiness probe makes a container unready but restarts nothing', async () => {
  const readinessProbe = { exec: { command: ['test', '-f', '/tmp/ready'] }, periodSeconds: 5 };
  await createPod(kube, 'pod', { containers: [shell('app', 'touch /tmp/ready; sleep 60; rm /tmp/ready; sleep 100000', { readinessProbe })] });
  await kube.clock.advance('30s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ ready: true, restartCount: 0 });
  await kube.clock.advance('1m');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ ready: false, restartCount: 0 });
  expect(await eventsOf(kube, 'pod')).toContain('Unhealthy: Readiness probe failed: ');
});

test('the address of a Pod that is not ready is not ready in the EndpointSlice of its Service', async () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } };
  await send(kube, 'POST', '/api/v1/namespaces/default/services', service);
  const readinessProbe = { exec: { command: ['test', '-f', '/tmp/ready'] }, periodSeconds: 5 };
  await createPod(kube, 'pod', { containers: [shell('app', 'sleep 30; touch /tmp/ready; sleep 100000', { readinessProbe })] }, { labels: { app: 'web' } });
  await kube.clock.advance('20s');
  expect(await endpointReady()).toEqual([false]);
  await kube.clock.advance('20s');
  expect(await endpointReady()).toEqual([true]);
});

test('a failing liveness probe kills its container after three failures, and the restart policy restarts it', async () => {
  const livenessProbe = { exec: { command: ['test', '-f', '/tmp/alive'] } };
  await createPod(kube, 'pod', { containers: [obedient('app', { livenessProbe })] });
  await kube.clock.advance('15s');
  expect(container(await getPod(kube, 'pod'), 'app').restartCount).toBe(0);
  await kube.clock.advance('20s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 0, reason: 'Completed' } } });
  expect(await eventsOf(kube, 'pod')).toContain('Killing: Container app failed liveness probe, will be restarted');
});

test('a failing liveness probe ends a Pod that never restarts', async () => {
  const livenessProbe = { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 };
  await createPod(kube, 'pod', { restartPolicy: 'Never', terminationGracePeriodSeconds: 2, containers: [shell('app', 'sleep 100000', { livenessProbe })] });
  await kube.clock.advance('10s');
  const pod = await getPod(kube, 'pod');
  expect(pod.status.phase).toBe('Failed');
  expect(container(pod, 'app')).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 137, reason: 'Error' } } });
});

test('the other probes wait until the startup probe has succeeded', async () => {
  const startupProbe = { exec: { command: ['test', '-f', '/tmp/started'] }, periodSeconds: 5, failureThreshold: 20 };
  const livenessProbe = { exec: { command: ['test', '-f', '/tmp/started'] }, periodSeconds: 1, failureThreshold: 1 };
  const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 1 };
  await createPod(kube, 'pod', { containers: [shell('app', 'sleep 60; touch /tmp/started; sleep 100000', { startupProbe, livenessProbe, readinessProbe })] });
  await kube.clock.advance('50s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ started: false, ready: false, restartCount: 0 });
  await kube.clock.advance('30s');
  expect(container(await getPod(kube, 'pod'), 'app')).toMatchObject({ started: true, ready: true, restartCount: 0 });
});

test('a startup probe that never succeeds kills its container', async () => {
  const startupProbe = { exec: { command: ['false'] }, periodSeconds: 5, failureThreshold: 4 };
  const startedAgain = timeIn(kube, 20);
  await createPod(kube, 'pod', { containers: [obedient('app', { startupProbe })] });
  await kube.clock.advance('25s');
  const { restartCount, state } = container(await getPod(kube, 'pod'), 'app');
  expect({ restartCount, late: state.running!.startedAt >= timeIn(kube, -10), startedAgain }).toEqual({ restartCount: 1, late: true, startedAgain });
  expect(await eventsOf(kube, 'pod')).toContain('Killing: Container app failed startup probe, will be restarted');
});

interface Slice { endpoints: { conditions: { ready: boolean } }[] | null }

async function endpointReady(): Promise<boolean[]> {
  const { body } = await send(kube, 'GET', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name=web');
  return (body['items'] as Slice[]).flatMap(({ endpoints }) => (endpoints ?? []).map(({ conditions }) => conditions.ready));
}

// Measured with a kubelet v1.36.2: it tidies up the statuses of Pods without an object every two seconds.
test('a Pod deleted by force is not probed while its containers end', async () => {
  const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 1 };
  const preStop = { exec: { command: ['sleep', '100000'] } };
  await createPod(kube, 'pod', { containers: [shell('app', 'trap "" TERM; sleep 100000', { readinessProbe, lifecycle: { preStop } })] });
  await kube.clock.advance('10s');
  await deletePod(kube, 'pod', 0);
  await kube.clock.advance('1m');
  const events = await eventsOf(kube, 'pod');
  expect(events).toContain('FailedPreStopHook: PreStopHook failed');
  expect(events.filter((event) => event.startsWith('Unhealthy'))).toEqual([]);
});
