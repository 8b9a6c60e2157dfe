/**
 * `npm run replay -- [api|pods] [files…] [options]`: starts a server and plays recordings of a real cluster against it.
 * Files default to test/golden/api or test/golden/pods and pods-random. Pods play on the manual clock; `--real` takes
 * real time. Every other option goes to the replay script (`--filter`, `--level`, `--only`, `--strict`, `--json` …).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { libraryOptions, type Options } from '../src/options.ts';
import { start } from '../src/serve.ts';
import { nodeHook } from './replay/node-hook.ts';

const words = process.argv.slice(2);
const what = words[0] === 'pods' || words[0] === 'api' ? words.shift()! : undefined;
let failures = 0;
if (what !== 'pods') failures += await replayApi(words);
if (what !== 'api') failures += await replayPods(words);
process.exit(failures === 0 ? 0 : 1);

async function replayApi(given: readonly string[]): Promise<number> {
  // With a token, as the recorded server had one: requests without it are part of the recordings.
  const token = 'golden';
  const server = await start(libraryOptions({ mode: 'envtest', clock: 'real', profile: 'realistic', token }));
  const code = await play('replay-api.mjs', server.url, [...given, '--token', token]);
  await server.close();
  return code;
}

async function replayPods(given: readonly string[]): Promise<number> {
  const real = given.includes('--real');
  const rest = given.filter((word) => word !== '--real');
  const options: Partial<Options> = { profile: 'realistic', clock: real ? 'real' : 'manual' };
  const server = await start(libraryOptions(options));
  const hook = await nodeHook(server);
  const files = rest.some((word) => !word.startsWith('-')) ? [] : ['test/golden/pods', 'test/golden/pods-random'];
  const advance = real ? [] : ['--advance', `POST ${server.url}/_fakelet/v1/clock/advance {"duration":"{ms}ms"}`];
  const code = await play('replay-pods.mjs', server.url, [...files, ...rest, '--node-hook', hook.url, ...advance]);
  await hook.close();
  await server.close();
  return code;
}

async function play(script: string, url: string, given: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [`test/golden/${script}`, url, ...given], { stdio: 'inherit' });
  const [code] = await once(child, 'exit') as [number | null];
  return code ?? 1;
}
