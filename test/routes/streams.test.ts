/** Exec, attach and port-forward, frame by frame as a real cluster answered (test/golden/streams). */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { startKube } from 'fakelet';
import { expectation, play, type Played, type Recording } from './recorded-streams.ts';

const golden = (name: string) => JSON.parse(fs.readFileSync(new URL(`../golden/streams/${name}.json`, import.meta.url), 'utf8')) as unknown;
const pods = golden('pods') as Record<string, { containers: unknown }>;
const namespace = 'default';

/** Another terminal was open then, so this one was the second; a container that has just exited is already gone. */
const leftOut = ['tty-and-stderr', 'after-exit'];

test.concurrent.each(['exec', 'attach', 'portforward'])('%s answers as recorded', async (name) => {
  await using kube = await startKube({ clock: 'real' });
  const recordings = (golden(name) as Recording[]).filter((recording) => !leftOut.includes(recording.name));
  const needed = Object.keys(pods).filter((pod) => recordings.some(({ request }) => request.path.includes(`/pods/${pod}/`)));
  await Promise.all(needed.map((pod) => fetch(`${kube.url}/api/v1/namespaces/${namespace}/pods`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod, labels: { app: pod } }, spec: pods[pod] }),
  })));
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
  const played: Record<string, Played> = {};
  // Those who attach to one Pod see each other's input: they go one after another.
  const shared = recordings.filter(({ request, send }) => request.path.includes('/reader/') && send !== undefined);
  const inTurn = async (): Promise<void> => {
    for (const recording of shared) played[recording.name] = await play(kube.url, recording);
  };
  await Promise.all([inTurn(), ...recordings.filter((recording) => !shared.includes(recording)).map(async (recording) => {
    played[recording.name] = await play(kube.url, recording);
  })]);
  expect(played).toEqual(Object.fromEntries(recordings.map((recording) => [recording.name, expectation(recording)])));
});
