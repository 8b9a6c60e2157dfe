/** Known images in a cluster, as clients of the API see them. */
import { expect, test } from 'vitest';
import { container, createPod, deletePod, eventsOf, getPod, podPath } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';

const kube = await sharedKube();
const agnhost = (args: string[], more: object = {}) => ({ name: 'app', image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args, ...more });
const text = async (path: string, init?: RequestInit) => {
  const response = await fetch(kube.url + path, init);
  return [response.status, await response.text()];
};
const running = async (name: string, containers: object[]) => {
  await createPod(kube, name, { containers });
  await kube.wait({ name, for: 'phase=Running' });
  await kube.clock.advance('1s');
};

test('a proxied request reaches nginx and shows in its log', async () => {
  await running('web', [{ name: 'app', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }]);
  expect(await text(`${podPath('web')}:80/proxy/`)).toEqual([200, expect.stringContaining('<h1>Welcome to nginx!</h1>')]);
  expect((await text(`${podPath('web')}/log?tailLines=1`))[1]).toMatch(/"GET \/ HTTP\/1\.1" 200 \d+ /);
  expect((await text(`${podPath('web')}/log`))[1]).toContain('Configuration complete; ready for start up\n');
});

test('netexec runs commands, takes a body and ends its container when asked', async () => {
  await running('net', [agnhost(['netexec'], { ports: [{ containerPort: 8080 }] })]);
  const proxy = `${podPath('net')}:8080/proxy`;
  expect(await text(`${proxy}/shell?cmd=cat%20/etc/hostname`)).toEqual([200, '{"output":"net\\n"}']);
  expect(await text(`${proxy}/echo`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'msg=posted' })).toEqual([200, 'posted']);
  await text(`${proxy}/exit?code=3`);
  await kube.clock.advance('10s');
  expect(container(await getPod(kube, 'net'), 'app')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 3 } } });
});

test('a gRPC probe follows what grpc-health-checking is told', async () => {
  const probe = (service: string) => ({ grpc: { port: 5000, service }, periodSeconds: 1, failureThreshold: 1 });
  await running('health', [agnhost(['grpc-health-checking', '--service=db'], { readinessProbe: probe('db') })]);
  const ready = async () => container(await getPod(kube, 'health'), 'app').ready;
  await kube.clock.advance('3s');
  expect(await ready()).toBe(true);
  await text(`${podPath('health')}:8080/proxy/make-not-serving`);
  await kube.clock.advance('3s');
  expect(await ready()).toBe(false);
  expect(await eventsOf(kube, 'health')).toContain('Unhealthy: Readiness probe failed: service unhealthy (responded with "NOT_SERVING")');
  await text(`${podPath('health')}:8080/proxy/make-serving`);
  await kube.clock.advance('3s');
  expect(await ready()).toBe(true);
  await running('other', [agnhost(['grpc-health-checking', '--service=db'], { readinessProbe: probe('') })]);
  await kube.clock.advance('3s');
  expect(await eventsOf(kube, 'other')).toContain('Unhealthy: Readiness probe failed: error: health rpc probe failed: rpc error: code = NotFound desc = unknown service');
});

test('liveness restarts a container after its ten seconds', async () => {
  const livenessProbe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 3, failureThreshold: 1 };
  await running('live', [agnhost(['liveness'], { livenessProbe })]);
  await kube.clock.advance('8s');
  expect(container(await getPod(kube, 'live'), 'app').restartCount).toBe(0);
  await kube.clock.advance('10s');
  expect(container(await getPod(kube, 'live'), 'app')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 2 } } });
  expect(await eventsOf(kube, 'live')).toContain('Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500');
});

test('redis and postgres are ready by their own commands and end within their grace period', async () => {
  const exec = (...command: string[]) => ({ readinessProbe: { exec: { command }, periodSeconds: 1 } });
  await running('db', [
    { name: 'redis', image: 'redis:7', ...exec('redis-cli', 'ping') },
    { name: 'postgres', image: 'postgres:17', env: [{ name: 'POSTGRES_PASSWORD', value: 'x' }], ...exec('pg_isready', '-U', 'postgres') },
  ]);
  await kube.clock.advance('3s');
  const pod = await getPod(kube, 'db');
  expect(['redis', 'postgres'].map((name) => container(pod, name).ready)).toEqual([true, true]);
  await deletePod(kube, 'db');
  await kube.clock.advance('3s');
  expect((await text(podPath('db')))[0]).toBe(404);
});
