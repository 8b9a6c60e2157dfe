/**
 * `npm run replay -- [api|pods] [files…] [options]`: starts a server and plays recordings of a real cluster against it.
 * Files default to test/golden/api (test/golden/measured has more sessions; the tests play those) or to test/golden/pods
 * and pods-random. Pods play on the manual clock; `--real` takes real time. Every other option goes to the replay
 * script (`--filter`, `--level`, `--only`, `--strict`, `--json` …).
 */
import { libraryOptions, type Options } from '../src/options.ts';
import { start } from '../src/serve.ts';
import { nodeHook } from './replay/node-hook.ts';
import { playApiSessions, playScript, startForApiSessions } from './replay/recorded-sessions.ts';

const words = process.argv.slice(2);
const what = words[0] === 'pods' || words[0] === 'api' ? words.shift()! : undefined;
let failures = 0;
if (what !== 'pods') failures += await replayApi(words);
if (what !== 'api') failures += await replayPods(words);
process.exit(failures === 0 ? 0 : 1);

async function replayApi(given: readonly string[]): Promise<number> {
  const server = await startForApiSessions();
  const { exitCode } = await playApiSessions(server.url, given, true);
  await server.close();
  return exitCode;
}

async function replayPods(given: readonly string[]): Promise<number> {
  const real = given.includes('--real');
  const rest = given.filter((word) => word !== '--real');
  const options: Partial<Options> = { profile: 'realistic', clock: real ? 'real' : 'manual' };
  const server = await start(libraryOptions(options));
  const hook = await nodeHook(server);
  const files = rest.some((word) => !word.startsWith('-')) ? [] : ['test/golden/pods', 'test/golden/pods-random'];
  const advance = real ? [] : ['--advance', `POST ${server.url}/_fakelet/v1/clock/advance {"duration":"{ms}ms"}`];
  const { exitCode } = await playScript('replay-pods.mjs', server.url, [...files, ...rest, '--node-hook', hook.url, ...advance], true);
  await hook.close();
  await server.close();
  return exitCode;
}
