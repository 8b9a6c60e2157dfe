/** The typed helpers of the library: one request each, with the API's own answers and refusals. */
import { afterAll, beforeEach, expect, expectTypeOf, test } from 'vitest';
import { startKube, ApiError, type Draft, type Kube, type Pod } from 'fakelet';

const kube: Kube = await startKube({ token: 'secret' });
beforeEach(() => kube.reset());
afterAll(() => kube.close());

const web: Draft<Pod> = { metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'echo hello; sleep 60; exit 3'] }] } };

test('a Pod is created, waited for, read, listed, logged and deleted', async () => {
  const created = await kube.pods.create(web);
  expectTypeOf(created).toEqualTypeOf<Pod>();
  expect(created).toMatchObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, status: { phase: 'Pending' } });
  expect((await kube.pods.wait('web', 'condition=Ready'))?.status.phase).toBe('Running');
  expect((await kube.pods.get('web')).spec.nodeName).toBe('node-1');
  expect(await kube.pods.log('web')).toBe('hello\n');
  expect((await kube.pods.list({ labelSelector: 'app=web' })).map(({ metadata }) => metadata.name)).toEqual(['web']);
  expect(await kube.pods.list({ labelSelector: 'app=db' })).toEqual([]);
  expect(await kube.pods.list({ fieldSelector: 'status.phase=Failed' })).toEqual([]);
  await kube.pods.delete('web', { gracePeriodSeconds: 1 });
  expect(await kube.pods.wait('web', 'delete')).toBeUndefined();
  await expect(kube.pods.get('web')).rejects.toThrow('pods "web" not found');
});

test('patches merge by type, status conditions by their own', async () => {
  await kube.pods.create({ ...web, spec: { ...web.spec!, readinessGates: [{ conditionType: 'example.com/ready' }] } });
  await kube.clock.advance('10s');
  expect(kube.inspect.object('pods', 'web')?.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False');
  await kube.pods.patchStatus('web', { conditions: [{ type: 'example.com/ready', status: 'True' }] });
  expect((await kube.pods.wait('web', 'condition=Ready'))?.status.conditions?.length).toBeGreaterThan(4);
  expect((await kube.pods.patch('web', { metadata: { labels: { tier: 'front' } } })).metadata.labels).toEqual({ app: 'web', tier: 'front' });
  expect((await kube.pods.patch('web', [{ op: 'remove', path: '/metadata/labels/tier' }], { type: 'json' })).metadata.labels).toEqual({ app: 'web' });
});

test('an update that comes too late is refused as the API refuses it', async () => {
  const old = await kube.pods.create(web);
  await kube.pods.patch('web', { metadata: { annotations: { a: '1' } } });
  const refusal = await kube.pods.update({ ...old, metadata: { ...old.metadata, labels: {} } }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ApiError);
  expect(refusal).toMatchObject({ code: 409, reason: 'Conflict', status: { kind: 'Status', details: { name: 'web', kind: 'pods' } } });
});

test('server-side apply has field managers and conflicts', async () => {
  await kube.pods.apply(web, { fieldManager: 'one' });
  const change: Draft<Pod> = { metadata: { name: 'web', labels: { app: 'other' } } };
  await expect(kube.pods.apply(change, { fieldManager: 'two' })).rejects.toThrow('Apply failed with 1 conflict: conflict with "one": .metadata.labels.app');
  expect((await kube.pods.apply(change, { fieldManager: 'two', force: true })).metadata.labels).toEqual({ app: 'other' });
});

test('other namespaces and other resources have the same verbs', async () => {
  await kube.resource('namespaces').create({ metadata: { name: 'prod' } });
  await kube.pods.in('prod').create(web);
  expect(await kube.pods.list()).toEqual([]);
  await kube.resource('poddisruptionbudgets.policy').in('prod').create({ metadata: { name: 'web' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } });
  await kube.pods.in('prod').wait('web', 'condition=Ready');
  await expect(kube.pods.in('prod').evict('web')).rejects.toMatchObject({ code: 429 });
  const deployment = await kube.resource('deployments.apps').create({
    metadata: { name: 'api' }, spec: { replicas: 2, selector: { matchLabels: { app: 'api' } }, template: { metadata: { labels: { app: 'api' } }, spec: web.spec! } },
  });
  expectTypeOf(deployment.spec.replicas).toEqualTypeOf<number | undefined>();
  expect((await kube.resource('deployments.apps').wait('api', 'condition=Available'))?.status.readyReplicas).toBe(2);
  expect((await kube.resource('nodes').list()).map(({ metadata }) => metadata.name)).toEqual(['node-1']);
});

test('custom resources are patched as they can be', async () => {
  await kube.resource('customresourcedefinitions.apiextensions.k8s.io').create({
    metadata: { name: 'widgets.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
  });
  await kube.clock.advance('10s');
  const widgets = kube.resource<{ metadata: { name: string }; size?: number }>('widgets.example.com');
  await widgets.create({ metadata: { name: 'a' }, size: 1 });
  expect(await widgets.patch('a', { size: 2 })).toMatchObject({ kind: 'Widget', size: 2 });
  await expect(kube.resource('gadgets.example.com').list()).rejects.toThrow("Failed to find the resource 'gadgets.example.com': it is not served.");
});

test('faults hit the helpers, and the transcript shows them', async () => {
  kube.faults.add({ name: 'busy', match: { verbs: ['create'], resource: 'pods', userAgent: 'fakelet*' }, count: 1, effect: { error: { code: 429, retryAfterSeconds: 2 } } });
  await expect(kube.pods.create(web)).rejects.toMatchObject({ code: 429, status: { details: { retryAfterSeconds: 2 } } });
  await kube.pods.create(web);
  expect(kube.transcript()).toContain('POST /api/v1/namespaces/default/pods 429 fault=busy');
});

test('what is wrong with a draft is a type error', () => {
  // @ts-expect-error a port is a number
  const wrong: Draft<Pod> = { spec: { containers: [{ name: 'a', ports: [{ containerPort: '80' }] }] } };
  // @ts-expect-error there is no such member
  const unknown: Draft<Pod> = { spec: { container: [] } };
  expect([wrong, unknown]).toHaveLength(2);
});

test('inspection needs no request: objects, events and what happened', async () => {
  await kube.pods.create(web);
  await kube.pods.create({ ...web, metadata: { name: 'web-2' } });
  await kube.pods.wait('web', 'event=Started');
  expect(kube.inspect.events('pods', 'web').map(({ reason }) => reason)).toEqual(['Scheduled', 'Pulled', 'Created', 'Started']);
  expect(kube.inspect.object('pods', 'nobody')).toBeUndefined();
  const history = kube.inspect.history('pods', 'web');
  expect(history.split('\n')[0]).toBe('What happened to pods default/web:');
  expect(history).toContain('Normal Started');
  expect(history).not.toContain('web-2');
  expect(() => kube.inspect.object('gadgets', 'a')).toThrow('Failed to look at gadgets a: the resource is not served.');
});
