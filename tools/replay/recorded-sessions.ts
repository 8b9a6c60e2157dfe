/** Plays recorded sessions: a server of ours, as the recorded one was set up, and the replay script as its client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { libraryOptions } from '../../src/options.ts';
import { start, type StartedServer } from '../../src/serve.ts';

const golden = fileURLToPath(new URL('../../test/golden/', import.meta.url));

/** With a token, as the recorded server had one: requests without it are part of the recordings. */
const token = 'golden';

export interface Played {
  readonly exitCode: number;
  /** What the script printed; empty when it printed to our own output. */
  readonly output: string;
}

/** A server in the shape of the recorded kube-apiserver: no node, real time, one token. */
export function startForApiSessions(): Promise<StartedServer> {
  return start(libraryOptions({ mode: 'envtest', clock: 'real', profile: 'realistic', token }));
}

/** Plays API sessions (files and folders among `options`; test/golden/api without any) against the server at `url`. */
export function playApiSessions(url: string, options: readonly string[], show: boolean): Promise<Played> {
  return playScript('replay-api.mjs', url, [...options, '--token', token], show);
}

/** Runs a replay script of test/golden, which prints to our own output if `show`. */
export async function playScript(script: string, url: string, options: readonly string[], show: boolean): Promise<Played> {
  const child = spawn(process.execPath, [golden + script, url, ...options], { stdio: ['ignore', show ? 'inherit' : 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [exitCode] = await once(child, 'close') as [number | null];
  return { exitCode: exitCode ?? 1, output };
}
