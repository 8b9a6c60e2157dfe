/** Snapshot files that somebody wrote: well-formed, and nonsense. None may end in a 5xx or leave a cluster broken. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKube, type Kube } from 'fakelet';

let kube: Kube;
beforeAll(async () => { kube = await startKube(); });
afterAll(() => kube.close());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(`${kube.url}${path}`, {
    method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

const start = Date.parse('2026-01-01T00:00:00Z');
const settings = { options: {}, images: [], manifests: [], scenarios: [] };
const file = { startTime: '2026-01-01T00:00:00Z', now: '2026-01-01T00:01:00Z', sequence: 0, settings, inputs: [] };
const input = { at: start, sequence: 0 };

test.each([
  ['no time', { startTime: 'yesterday' }, "startTime: 'yesterday' is not a time"],
  ['time that runs backwards', { now: '2025-01-01T00:00:00Z' }, '2025-01-01T00:00:00.000Z comes after 2026-01-01T00:00:00.000Z in it'],
  ['an input after the end', { inputs: [{ ...input, at: start + 61_000, kind: 'control' }] }, '2026-01-01T00:01:00.000Z comes after 2026-01-01T00:01:01.000Z in it'],
  ['a thousand years', { now: '3026-01-01T00:00:00Z' }, 'the limit advanceMsMax'],
  ['a wrong option', { settings: { ...settings, options: { seed: 'x' } } }, "Failed to read seed: 'x' is not valid"],
  ['an unknown option', { settings: { ...settings, options: { port: 1 } } }, "'port' is no option of a cluster"],
])('a file with %s is refused when it is put', async (_what, part, text) => {
  const { fakeletSnapshot } = kube.controls.snapshots.file(kube.snapshot('own').name);
  const answer = await ask('PUT', '/_fakelet/v1/snapshots/wrong', { ...file, fakeletSnapshot, ...part });
  expect([Math.floor(answer.status / 100), answer.text]).toEqual([4, expect.stringContaining(text)]);
});

test.each([
  ['a request without a path', { inputs: [{ ...input, kind: 'request' }] }],
  ['a verb that is none', { inputs: [{ ...input, kind: 'control', verb: 'constructor', args: [] }] }],
  ['a session of nothing', { inputs: [{ ...input, kind: 'session', session: 7, call: 'stdin', args: [] }] }],
  ['a session without a request', { inputs: [{ ...input, kind: 'session', session: 7, request: 3, args: [] }] }],
  ['a manifest that is none', { settings: { ...settings, manifests: [3] } }],
  ['a scenario that is none', { settings: { ...settings, scenarios: [null] } }],
  ['an image that is none', { settings: { ...settings, images: [7, null] } }],
])('a file with %s is refused, at the latest by the restore, and the cluster goes on', async (_what, part) => {
  const { fakeletSnapshot } = kube.controls.snapshots.file(kube.snapshot('own').name);
  const put = await ask('PUT', '/_fakelet/v1/snapshots/nonsense', { ...file, fakeletSnapshot, ...part });
  expect(put.status).toBeLessThan(500);
  const restored = await ask('POST', '/_fakelet/v1/snapshots/nonsense/restore');
  const cloned = await ask('POST', '/_fakelet/v1/clusters', { name: 'nonsense', clone: 'main', snapshot: 'nonsense' });
  expect([restored.status, cloned.status, restored.text]).toEqual([400, 400, expect.stringMatching(/^\{"error":"Failed to restore the snapshot: it cannot be played again: .+ Take it again\."\}$/)]);
  expect((await ask('GET', '/api/v1/nodes/node-1')).status).toBe(200);
  expect((await ask('GET', '/_fakelet/v1/clusters')).text).toBe('{"items":[]}');
});
