/** What a kube-apiserver built from source answered to requests that once found a difference (test/golden/measured). */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StartedServer } from '../../src/serve.ts';
import { playApiSessions, startForApiSessions } from '../../tools/replay/recorded-sessions.ts';

const folder = fileURLToPath(new URL('../golden/measured/', import.meta.url));
const sessions = readdirSync(folder).filter((file) => file.endsWith('.json'));

interface Outcome {
  readonly results: readonly { readonly session: string; readonly id?: string; readonly ok?: boolean; readonly why?: string; readonly error?: string }[];
}

let server: StartedServer;
beforeAll(async () => {
  server = await startForApiSessions();
});
afterAll(() => server.close());

test.each(sessions)('answers as recorded: %s', async (file) => {
  const { output } = await playApiSessions(server.url, [folder + file, '--json'], false);
  const { results } = JSON.parse(output) as Outcome;
  expect(results.length).toBeGreaterThan(0);
  expect(results.filter(({ ok }) => !ok).map(({ id, why, error }) => `${id}: ${why ?? error}`)).toEqual([]);
}, 120_000);
