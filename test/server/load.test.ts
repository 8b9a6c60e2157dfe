/** `--load`: manifests, dumps of another cluster, snapshots, and what is said about files that cannot be loaded. */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startKube, type Kube } from 'fakelet';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'fakelet-load-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  fs.writeFileSync(full, text);
  return full;
}

async function get<T>(kube: Kube, apiPath: string): Promise<T> {
  return await (await kube.fetch(apiPath)).json() as T;
}

interface Named { metadata: { name: string; uid: string; labels?: Record<string, string>; ownerReferences?: { uid: string }[] } }
const named = async (kube: Kube, apiPath: string) => (await get<{ items: Named[] }>(kube, apiPath)).items.map(({ metadata }) => metadata.name);
const pod = (name: string, namespace: string, more = '') => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}${more}}
spec: {containers: [{name: app, image: 'nginx:1.27'}]}
`;

test('manifests are created whatever their order, and their Pods run', async () => {
  const yaml = `${pod('web', 'team')}---
apiVersion: example.com/v1
kind: Widget
metadata: {name: one, namespace: team}
---
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  names: {plural: widgets, kind: Widget}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
  const json = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } });
  await using kube = await startKube({ load: [file('all.yaml', yaml), file('settings.json', json)] });
  await kube.wait({ name: 'web', namespace: 'team', for: 'condition=Ready' });
  expect(await named(kube, '/apis/example.com/v1/namespaces/team/widgets')).toEqual(['one']);
  expect((await get<{ data: unknown }>(kube, '/api/v1/namespaces/default/configmaps/settings')).data).toEqual({ a: 'b' });
  kube.reset();
  expect(await named(kube, '/api/v1/namespaces/team/pods')).toEqual(['web']);
});

const dumped = (uid: string) => ({ uid, resourceVersion: '4711', creationTimestamp: '2025-01-01T00:00:00Z', managedFields: [{ manager: 'kubectl', operation: 'Update' }] });
const template = { metadata: { labels: { app: 'web', 'pod-template-hash': 'abc' } }, spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] } };
const dump = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: [
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-abc-1', namespace: 'team', labels: template.metadata.labels, ...dumped('pod-uid'),
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-abc', uid: 'set-uid', controller: true, blockOwnerDeletion: true }] },
  spec: { ...template.spec, serviceAccountName: 'robot', nodeName: 'worker-1', tolerations: [{ key: 'gpu', operator: 'Exists' }] }, status: { phase: 'Failed', podIP: '1.2.3.4' } },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web-abc', namespace: 'team', labels: template.metadata.labels, ...dumped('set-uid') },
    spec: { replicas: 1, selector: { matchLabels: template.metadata.labels }, template }, status: { replicas: 9 } },
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1', labels: { zone: 'b' }, ...dumped('node-uid') }, spec: { podCIDR: '10.9.0.0/24', taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
    status: { capacity: { cpu: '64', memory: '128Gi', pods: '110' }, phase: 'x' } },
] };

test('a dump of another cluster lives on: owners, nodes and what it leaves out', async () => {
  await using kube = await startKube({ load: [file('dump.json', JSON.stringify(dump))] });
  await kube.wait({ name: 'web-abc-1', namespace: 'team', for: 'condition=Ready' });
  await kube.clock.advance('1m');
  const [set] = (await get<{ items: Named[] }>(kube, '/apis/apps/v1/namespaces/team/replicasets')).items;
  const pods = (await get<{ items: Named[] }>(kube, '/api/v1/namespaces/team/pods')).items;
  expect(pods.map(({ metadata }) => [metadata.name, metadata.ownerReferences?.[0]?.uid])).toEqual([['web-abc-1', set!.metadata.uid]]);
  expect(set!.metadata.uid).not.toBe('set-uid');
  expect(await named(kube, '/api/v1/nodes')).toEqual(['node-1', 'worker-1']);
  const node = await get<Named & { spec: unknown; status: { capacity: Record<string, string> } }>(kube, '/api/v1/nodes/worker-1');
  expect([node.metadata.labels!['zone'], node.status.capacity['cpu'], node.spec]).toEqual(['b', '64', expect.objectContaining({ taints: [{ key: 'gpu', effect: 'NoSchedule' }] })]);
  expect(await named(kube, '/api/v1/namespaces/team/serviceaccounts')).toEqual(['default', 'robot']);
});

test('a whole dump of a fakelet loads into another', async () => {
  await using first = await startKube({ load: [file('first.yaml', pod('web', 'default'))] });
  await first.wait({ name: 'web', for: 'condition=Ready' });
  const paths = ['/api/v1/nodes', '/api/v1/namespaces', '/api/v1/pods', '/api/v1/services', '/api/v1/configmaps', '/api/v1/serviceaccounts', '/api/v1/endpoints', '/api/v1/events',
    '/apis/discovery.k8s.io/v1/endpointslices', '/apis/coordination.k8s.io/v1/leases', '/apis/scheduling.k8s.io/v1/priorityclasses'];
  const lists = await Promise.all(paths.map((one) => get(first, one)));
  await using second = await startKube({ nodes: 0, load: lists.map((list, i) => file(`list-${i}.json`, JSON.stringify(list))) });
  await second.wait({ name: 'web', for: 'condition=Ready' });
  for (const one of paths.filter((all) => !all.endsWith('events'))) expect([one, await named(second, one)]).toEqual([one, await named(first, one)]);
});

test('a snapshot is where the cluster starts and what a reset goes back to', async () => {
  await using first = await startKube({ load: [file('first.yaml', pod('web', 'default'))] });
  await first.wait({ name: 'web', for: 'condition=Ready' });
  await first.clock.advance('1h');
  first.snapshot('ready');
  const saved = file('ready.json', JSON.stringify(first.controls.snapshots.file('ready')));
  await using second = await startKube({ load: [saved] });
  const web = () => get<Named>(second, '/api/v1/namespaces/default/pods/web');
  const uid = (await get<Named>(first, '/api/v1/namespaces/default/pods/web')).metadata.uid;
  expect([(await web()).metadata.uid, second.clock.now()]).toEqual([uid, first.clock.now()]);
  await second.fetch('/api/v1/namespaces/default/pods/web?gracePeriodSeconds=0', { method: 'DELETE' });
  second.reset();
  expect((await web()).metadata.uid).toBe(uid);
});

const empty = { settings: { options: {}, images: [], manifests: [], scenarios: [] }, inputs: [], sequence: 0, startTime: '2026-01-01T00:00:00Z', now: '2026-01-01T00:00:00Z' };
test.each([
  ['broken.yaml', 'a: b\n---\na: [', /^Failed to load FILE, document 2: .* at line 3, column \d+\. Correct the file\.$/],
  ['number.yaml', '3', /^Failed to load FILE: it is no object\. Write apiVersion, kind and metadata\.$/],
  ['kind.yaml', `${pod('a', 'default')}---\napiVersion: v1\nkind: Nope\nmetadata: {name: x}\n`, /^Failed to load FILE, document 2: no resource has the kind 'Nope' in 'v1'\. /],
  ['nameless.yaml', 'apiVersion: v1\nkind: Pod\n', /^Failed to load FILE: the Pod has no metadata\. Write one, with a name\.$/],
  ['twice.yaml', `${pod('a', 'default')}---\n${pod('a', 'default')}`, /^Failed to load FILE, document 2: Pod default\/a: pods "a" already exists\. Remove one of the two\.$/],
  ['space.yaml', pod('a', 'nowhere'), /^Failed to load FILE: Pod nowhere\/a: namespaces "nowhere" not found\. Load what it needs too\.$/],
  ['item.json', JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'A' }, spec: {} }] }), /^Failed to load FILE, item 1: Pod default\/A: Pod "A" is invalid: .*\. Correct it\.$/],
  ['old.json', JSON.stringify({ fakeletSnapshot: '0', ...empty }), /^Failed to load FILE: Failed to read the snapshot: it was taken by fakelet 0/],
  ['part.json', JSON.stringify({ fakeletSnapshot: '0' }), /^Failed to load FILE: startTime: .*\. Take the snapshot again\.$/],
])('%s is refused by file, document and reason', async (name, text, message) => {
  const full = file(name, text);
  await expect(startKube({ load: [full] })).rejects.toThrow(new RegExp(message.source.replace('FILE', full.replaceAll('.', '\\.')), 's'));
});
