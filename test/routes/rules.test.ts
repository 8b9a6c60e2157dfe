/** Behaviours and faults over HTTP, on a real socket and in the library. */
import { expect, test } from 'vitest';
import { startKube } from 'fakelet';

async function api(url: string) {
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return [response.status, text === '' ? '' : JSON.parse(text)] as [number, Record<string, unknown>];
  };
  return { ask, own: (method: string, path: string, body?: unknown) => ask(method, `/_fakelet/v1${path}`, body) };
}

test.each([
  ['/behaviors', { selector: { image: 'x' }, script: { exits: [{ after: '1s' }] } }, { matched: 0 }],
  ['/faults', { match: { verbs: ['get'], path: '/nowhere' }, effect: { error: { code: 500 } } }, { matched: 0, hit: 0 }],
])('%s are added, read, replaced, listed, removed', async (path, rule, counted) => {
  await using kube = await startKube({ mode: 'envtest' });
  const { own } = await api(kube.url);
  const what = path.slice(1, -1);
  expect(await own('POST', path, rule)).toEqual([200, { ...rule, name: `${what}-1`, ...counted }]);
  expect(await own('PUT', `${path}/mine`, rule)).toEqual([200, { ...rule, name: 'mine', ...counted }]);
  expect(await own('GET', `${path}/mine`)).toEqual([200, { ...rule, name: 'mine', ...counted }]);
  expect(await own('GET', path)).toEqual([200, { items: [{ ...rule, name: `${what}-1`, ...counted }, { ...rule, name: 'mine', ...counted }], unused: [`${what}-1`, 'mine'] }]);
  expect(await own('POST', `${path}/assertAllUsed`)).toEqual([409, { error: `Failed to see all ${what}s used: nothing matched ${what}-1, mine. Check what they select, or remove them.` }]);
  expect(await own('POST', path, { ...rule, name: 'mine' })).toEqual([409, { error: `Failed to add the ${what}: there is one named 'mine'. Give another name, or PUT it.` }]);
  expect(await own('PUT', `${path}/mine`, { ...rule, name: 'other' })).toEqual([400, { error: `Failed to replace the ${what} 'mine': it names itself 'other'. Use one name.` }]);
  expect(await own('DELETE', `${path}/mine`)).toEqual([200, null]);
  expect(await own('GET', `${path}/mine`)).toEqual([404, { error: `Failed to find the ${what} 'mine': there is none. Known are: ${what}-1.` }]);
  expect(await own('DELETE', path)).toEqual([200, null]);
  expect(await own('POST', `${path}/assertAllUsed`)).toEqual([200, null]);
});

test.each([
  ['/behaviors', '{', 'Failed to read the request: '],
  ['/behaviors', { script: { exits: [] } }, 'Failed to read the request: script.exits: Expected array length to be greater or equal to 1'],
  ['/behaviors', { script: {}, name: '../x' }, "Failed to read the request: name: Expected string to match '^[A-Za-z0-9][A-Za-z0-9._-]*$' (Letters, digits, dots, dashes.)"],
  ['/faults', { effect: { delay: 'soon' } }, 'Failed to read the request: effect.delay: Expected union value'],
  ['/faults', { effect: { watch: { do: 'explode' } } }, "Failed to read the request: effect.watch.do: Expected union value ('end'"],
  ['/faults/breakWatches', { verb: 'watch' }, 'Failed to read the request: verb: Unexpected property'],
])('%s refuses %j', async (path, body, why) => {
  await using kube = await startKube({ mode: 'envtest' });
  const { own } = await api(kube.url);
  const [status, { error }] = await own('POST', path, body);
  expect([status, error]).toEqual([400, expect.stringContaining(why)]);
});

test('a lost connection is a reset, and a delay is served while the clock moves', async () => {
  await using kube = await startKube({ mode: 'envtest' });
  kube.faults.add({ name: 'lost', match: { path: '/version' }, effect: { reset: true } });
  kube.faults.add({ name: 'slow', match: { path: '/readyz' }, effect: { delay: '10s' } });
  const lost = await fetch(`${kube.url}/version`).catch((error: Error) => (error.cause as { code: string }).code);
  expect(lost).toBe('ECONNRESET');
  const slow = fetch(`${kube.url}/readyz`);
  while (kube.faults.get('slow').hit === 0) await new Promise((resolve) => { setTimeout(resolve, 5); });
  await kube.clock.advance('10s');
  expect((await slow).headers.get('x-fakelet-fault')).toBe('slow');
  expect(kube.faults.assertAllUsed()).toBe(null);
});

test('an open watch is cut off', async () => {
  await using kube = await startKube({ mode: 'envtest' });
  const response = await fetch(`${kube.url}/api/v1/namespaces/default/configmaps?watch=true`);
  const reader = response.body!.getReader();
  await reader.read();
  expect(kube.faults.breakWatches({ verbs: ['watch'], resource: 'configmaps' })).toEqual({ watches: 1 });
  await expect(reader.read()).rejects.toThrow('terminated');
});

test('one container is controlled by hand', async () => {
  await using kube = await startKube();
  const { ask, own } = await api(kube.url);
  const spec = { containers: [{ name: 'app', image: 'example.com/app:1' }] };
  await ask('POST', '/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec });
  await kube.clock.advance('1s');
  const verb = '/pods/default/web/containers/app';
  expect(await own('POST', `${verb}/log`, { line: 'hello' })).toEqual([200, null]);
  expect(await own('POST', `${verb}/probe`, { kind: 'readiness', result: 'failure' })).toEqual([200, null]);
  expect(await own('POST', `${verb}/probe`, { kind: 'readyness', result: 'failure' })).toMatchObject([400, {}]);
  expect(await own('POST', `${verb}/exit`, { signal: 'NOPE' })).toEqual([400, { error: "Failed to signal container app of pod default/web: there is no signal 'NOPE'. Write TERM, KILL, HUP …" }]);
  expect(await own('POST', `${verb}/oom`)).toEqual([200, null]);
  expect(await own('POST', '/pods/default/none/containers/app/oom')).toMatchObject([404, {}]);
  await kube.clock.advance('1s');
  expect(await own('POST', `${verb}/exit`, { code: 3 })).toEqual([200, null]);
  const [, pod] = await ask('GET', '/api/v1/namespaces/default/pods/web');
  expect(JSON.stringify(pod)).toContain('OOMKilled');
});
