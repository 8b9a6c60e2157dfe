/** Fan-out: 100 watchers over HTTP see 1,000 updates. */
import { libraryOptions } from '../src/options.ts';
import { start } from '../src/serve.ts';
import { timed, type Figure } from './figure.ts';
import { podManifest } from './pods.ts';

const watchers = 100;
const updates = 1000;

export async function benchWatch(): Promise<Figure[]> {
  const server = await start(libraryOptions({ mode: 'envtest' }));
  const pods = `${server.url}/api/v1/namespaces/default/pods`;
  const json = { 'content-type': 'application/json' };
  await fetch(pods, { method: 'POST', headers: json, body: JSON.stringify(podManifest('web')) });
  const aborter = new AbortController();
  const done = await Promise.all(Array.from({ length: watchers }, async () => {
    const response = await fetch(`${pods}?watch=1`, { signal: aborter.signal });
    return { seen: countUntil(response, updates + 1) };
  }));
  const ms = await timed(async () => {
    for (let i = 0; i < updates; i++) {
      const response = await fetch(`${pods}/web`, { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ metadata: { labels: { n: String(i) } } }) });
      await response.arrayBuffer();
    }
    await Promise.all(done.map(({ seen }) => seen));
  });
  aborter.abort();
  await server.close();
  return [{ what: `${watchers} watchers x ${updates} updates over HTTP`, measured: `${((watchers * updates) / ms).toFixed(0)}k events/s`, target: '' }];
}

async function countUntil(response: Response, wanted: number): Promise<void> {
  let seen = 0;
  for await (const chunk of response.body!) {
    for (const byte of chunk as Uint8Array) if (byte === 10) seen++;
    if (seen >= wanted) return;
  }
}
