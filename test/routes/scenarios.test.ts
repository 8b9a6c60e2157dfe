/** Scenarios over HTTP, in the library and as an option. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startKube } from 'fakelet';

async function ask(url: string, method: string, body?: unknown): Promise<[number, unknown]> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  return [response.status, await response.json()];
}

const mine = { name: 'mine', description: 'One Pod.', objects: [{ object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'mine' }, spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] } } }] };

test('scenarios are listed and started', async () => {
  await using kube = await startKube();
  const own = `${kube.url}/_fakelet/v1/scenarios`;
  expect((await ask(own, 'GET'))[1]).toMatchObject({ items: expect.arrayContaining([{ name: 'crash-loop', description: 'A container that ends a second after every start.' }]) as unknown });
  expect(await ask(`${own}/crash-loop`, 'POST')).toEqual([200, null]);
  expect(await ask(own, 'POST', mine)).toEqual([200, null]);
  expect(await ask(own, 'POST', mine)).toEqual([400, { error: "Failed to start the scenario 'mine': Failed to load Pod mine: pods \"mine\" already exists." }]);
  expect(await ask(`${own}/none`, 'POST')).toMatchObject([404, {}]);
  expect(await ask(own, 'POST', { ...mine, steps: [{ at: '1s', delete: { resource: 'nothings', name: 'x' } }] })).toMatchObject([400, {}]);
  await kube.wait({ name: 'mine', for: 'condition=Ready' });
  await kube.wait({ name: 'crash', for: 'jsonpath={.status.containerStatuses[0].restartCount}=2' });
});

test('a cluster starts with the scenarios that its options name', async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'scenario-')), 'mine.json');
  fs.writeFileSync(file, JSON.stringify(mine));
  await using kube = await startKube({ scenario: ['slow-start', file] });
  const names = async () => ((await ask(`${kube.url}/api/v1/namespaces/default/pods`, 'GET'))[1] as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
  expect(await names()).toEqual(['mine', 'slow']);
  kube.reset();
  expect(await names()).toEqual(['mine', 'slow']);
  fs.writeFileSync(file, '{"name":"mine"}');
  await expect(startKube({ scenario: [file] })).rejects.toThrow('description: Expected required property');
  await expect(startKube({ scenario: ['nope'] })).rejects.toThrow("Failed to find the scenario 'nope': there is none. Known are: healthy-web-app");
});
