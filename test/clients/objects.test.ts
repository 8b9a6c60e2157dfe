/** Round trips of the official JavaScript client: what it writes is what it reads. */
import { ApiException, AppsV1Api, makeInformer, PatchStrategy, setHeaderOptions, Watch, type V1ConfigMap, type V1Status } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { connect, podThatRuns, until } from './connect.ts';

const namespace = 'default';

test('an object is created, read, listed, replaced and deleted', async () => {
  await using connected = await connect({ mode: 'envtest' });
  const { core } = connected;
  const made = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one', labels: { app: 'x' } }, data: { a: '1' } } });
  expect(made.metadata!.uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(await core.readNamespacedConfigMap({ namespace, name: 'one' })).toEqual(made);
  const list = await core.listNamespacedConfigMap({ namespace, labelSelector: 'app=x' });
  expect(list.items.map(({ metadata, data }) => [metadata!.name, data])).toEqual([['one', { a: '1' }]]);
  const replaced = await core.replaceNamespacedConfigMap({ namespace, name: 'one', body: { ...made, data: { b: '2' } } });
  expect(replaced.data).toEqual({ b: '2' });
  await core.deleteNamespacedConfigMap({ namespace, name: 'one' });
  await expect(core.readNamespacedConfigMap({ namespace, name: 'one' })).rejects.toMatchObject({ code: 404 });
});

test('refusals arrive as a Status with reason and causes', async () => {
  await using connected = await connect({ mode: 'envtest' });
  const { core } = connected;
  const stale = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one' } } });
  await core.patchNamespacedConfigMap({ namespace, name: 'one', body: { data: { a: '1' } } }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  expect(await reasonOf(core.replaceNamespacedConfigMap({ namespace, name: 'one', body: { ...stale, data: {} } }))).toBe('409 Conflict');
  expect(await reasonOf(core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one' } } }))).toBe('409 AlreadyExists');
  expect(await reasonOf(core.createNamespacedPod({ namespace, body: { metadata: { name: 'none' }, spec: { containers: [] } } }))).toBe('422 Invalid');
});

async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(() => undefined, (refusal: unknown) => refusal);
  if (!(error instanceof ApiException)) throw new Error('was not refused');
  return `${error.code} ${(JSON.parse(error.body as string) as V1Status).reason}`;
}

test('each kind of patch changes what it says', async () => {
  await using connected = await connect({ mode: 'envtest' });
  const { core } = connected;
  await core.createNamespacedPod({ namespace, body: podThatRuns('web', 'sleep 1000', { app: 'web' }) });
  const patch = async (strategy: string, body: unknown, more = {}) =>
    (await core.patchNamespacedPod({ namespace, name: 'web', body, ...more }, setHeaderOptions('Content-Type', strategy))).metadata!.labels;
  expect(await patch(PatchStrategy.JsonPatch, [{ op: 'add', path: '/metadata/labels/json', value: '1' }])).toEqual({ app: 'web', json: '1' });
  expect(await patch(PatchStrategy.MergePatch, { metadata: { labels: { json: null, merge: '2' } } })).toEqual({ app: 'web', merge: '2' });
  expect(await patch(PatchStrategy.StrategicMergePatch, { metadata: { labels: { strategic: '3' } } })).toEqual({ app: 'web', merge: '2', strategic: '3' });
  const applied = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { apply: '4' } } };
  expect(await patch(PatchStrategy.ServerSideApply, applied, { fieldManager: 'test' })).toEqual({ app: 'web', apply: '4', merge: '2', strategic: '3' });
});

test('a watch tells of every change in order', async () => {
  await using connected = await connect({ mode: 'envtest' });
  const { core, config } = connected;
  const seen: string[] = [];
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const abort = await new Watch(config).watch(path, { fieldSelector: 'metadata.name=one' }, (type, object: V1ConfigMap) => {
    seen.push(`${type} ${JSON.stringify(object.data ?? {})}`);
  }, () => undefined);
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one' }, data: { a: '1' } } });
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'other' } } });
  await core.patchNamespacedConfigMap({ namespace, name: 'one', body: { data: { a: '2' } } }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  await core.deleteNamespacedConfigMap({ namespace, name: 'one' });
  await until(() => seen.length >= 3);
  abort.abort();
  expect(seen).toEqual(['ADDED {"a":"1"}', 'MODIFIED {"a":"2"}', 'DELETED {"a":"2"}']);
});

test('an informer keeps what is there', async () => {
  await using connected = await connect({ mode: 'envtest' });
  const apps = connected.config.makeApiClient(AppsV1Api);
  const body = (name: string, replicas: number) => ({
    metadata: { name }, spec: { replicas, selector: { matchLabels: { app: name } }, template: { ...podThatRuns('', 'sleep 1', { app: name }), metadata: { labels: { app: name } } } },
  });
  await apps.createNamespacedDeployment({ namespace, body: body('before', 1) });
  const informer = makeInformer(connected.config, `/apis/apps/v1/namespaces/${namespace}/deployments`, () => apps.listNamespacedDeployment({ namespace }));
  await informer.start();
  const kept = () => informer.list().map(({ metadata, spec }) => `${metadata!.name} ${spec!.replicas}`).toSorted();
  expect(kept()).toEqual(['before 1']);
  await apps.createNamespacedDeployment({ namespace, body: body('later', 2) });
  await apps.replaceNamespacedDeploymentScale({ namespace, name: 'before', body: { metadata: { name: 'before', namespace }, spec: { replicas: 5 } } });
  await until(() => kept().join() === 'before 5,later 2');
  await apps.deleteNamespacedDeployment({ namespace, name: 'later' });
  await until(() => kept().join() === 'before 5');
  await informer.stop();
});
