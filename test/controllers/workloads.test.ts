/** What the workload controllers of a kube-controller-manager built from source did (test/golden/workloads). */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { controllers } from '../../src/controllers/index.ts';
import type { KubeObject } from '../../src/schema/objects.ts';
import { play, type AnyObject, type Session, type Target } from '../../tools/replay/workload-sessions.ts';
import { TestCluster } from './test-cluster.ts';

const folder = fileURLToPath(new URL('../golden/workloads/', import.meta.url));
const sessions = readdirSync(folder).filter((file) => file.endsWith('.json'));
const withoutNodes = Object.keys(controllers).filter((name) => !/^(node|taint|pod-garbage)/.test(name));

let cluster: TestCluster;
afterEach(() => cluster.close());

const namespace = 'wl-session';
const namespaceOf = (resource: string): string => (resource === 'nodes' ? '' : namespace);

class OurCluster implements Target {
  readonly namespace = namespace;

  now(): number {
    return cluster.clock.now();
  }

  async create(resource: string, object: unknown): Promise<void> {
    const { metadata, ...rest } = object as KubeObject;
    cluster.create(resource, { ...rest, metadata: namespaceOf(resource) === '' ? metadata : { ...metadata, namespace } });
  }

  async patch(resource: string, name: string, patch: unknown, subresource: string | undefined): Promise<void> {
    cluster.patch(resource, namespaceOf(resource), name, patch, subresource);
  }

  async remove(resource: string, name: string, options: Record<string, unknown>): Promise<void> {
    cluster.delete(resource, namespaceOf(resource), name, options);
  }

  async list(resource: string): Promise<readonly AnyObject[]> {
    return cluster.port.lister(resource).list(namespaceOf(resource) || undefined) as unknown as AnyObject[];
  }

  async wait(seconds: number): Promise<void> {
    cluster.advance(seconds * 1000);
  }
}

test.each(sessions)('does as measured: %s', async (file) => {
  cluster = new TestCluster().run(...withoutNodes);
  cluster.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const session = JSON.parse(readFileSync(folder + file, 'utf8')) as Session;
  const wrong: unknown[] = [];
  const right: unknown[] = [];
  await play(session, new OurCluster(), (step, objects) => {
    const at = session.steps.indexOf(step);
    wrong.push({ at, seen: objects });
    right.push({ at, seen: step.are });
  });
  expect(right.length).toBeGreaterThan(0);
  expect(wrong).toEqual(right);
});
