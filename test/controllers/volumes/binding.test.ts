/** What a real controller manager made of claims and volumes (test/golden/volumes). */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/schema/objects.ts';
import { TestCluster } from '../test-cluster.ts';

type Step = { readonly waitMs: number } | { readonly method: string; readonly path: string; readonly body?: object; readonly type?: string };
interface Recorded { readonly name: string; readonly steps: readonly Step[]; readonly volumes: object[]; readonly claims: object[]; readonly events: string[] }

const recorded = JSON.parse(fs.readFileSync(new URL('../../golden/volumes/binding.json', import.meta.url), 'utf8')) as Recorded[];
const idsAndTimes = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'lastPhaseTransitionTime', 'deletionTimestamp']);

test('there are recordings', () => expect(recorded.length).toBeGreaterThan(20));

test.each(recorded)('$name', ({ steps, ...expected }) => {
  const cluster = new TestCluster().run('persistentvolume-binder-controller', 'ephemeral-volume-controller',
    'persistentvolumeclaim-protection-controller', 'persistentvolume-protection-controller');
  for (const step of steps) {
    if ('waitMs' in step) cluster.clock.advance(step.waitMs);
    else call(cluster, step.method, step.path, withUids(cluster, step.body), step.type);
  }
  const items = (resource: string, namespace: string) => cluster.port.lister(resource).list(namespace).map(shown);
  expect({ name: expected.name, volumes: items('persistentvolumes', ''), claims: items('persistentvolumeclaims', 'default'), events: eventsOf(cluster) }).toEqual(expected);
});

function call(cluster: TestCluster, method: string, path: string, body: object | undefined, type = 'application/json'): void {
  const headers = { 'content-type': type, 'user-agent': 'node' };
  const response = cluster.api.handle({ method, path, query: '', headers, body: Buffer.from(body ? JSON.stringify(body) : '') });
  if (response.status >= 300) throw new Error(`${method} ${path}: ${'body' in response ? Buffer.from(response.body).toString() : response.status}`);
  cluster.clock.runDue();
}

/** A claim's uid was another one where it was recorded. */
function withUids(cluster: TestCluster, body: object | undefined): object | undefined {
  const { spec } = (body ?? {}) as { spec?: { claimRef?: { uid?: string; namespace: string; name: string } } };
  if (!spec?.claimRef?.uid) return body;
  const { namespace, name } = spec.claimRef;
  const { uid } = cluster.port.lister('persistentvolumeclaims').get(namespace, name)!.metadata;
  return { ...body, spec: { ...spec, claimRef: { ...spec.claimRef, uid } } };
}

function shown({ metadata, spec, status }: KubeObject): object {
  const clean = JSON.parse(JSON.stringify({ metadata, spec, status }, (name, value: unknown) => (idsAndTimes.has(name) ? undefined : value))) as object;
  const sorted = (metadata.managedFields ?? []).map((entry) => JSON.stringify([entry.manager, entry.subresource ?? '', entry.fieldsV1])).sort();
  const managers = sorted.map((text) => {
    const [manager, subresource, fields] = JSON.parse(text) as [string, string, object];
    return `${manager} ${subresource} ${JSON.stringify(fields).replaceAll(/k:{[^}]*}/g, 'K')}`;
  });
  return { ...clean, managers };
}

function eventsOf(cluster: TestCluster): string[] {
  interface Event extends KubeObject { involvedObject: { kind: string; name: string }; type: string; reason: string; message: string; source: { component: string } }
  const texts = cluster.port.lister<Event>('events').list('default')
    .map(({ involvedObject: { kind, name }, type, reason, message, source }) => [kind, name, type, reason, message, source.component].join(' | '));
  return [...new Set(texts)].sort();
}
