/** The scripts of test/programs/corpus, and what the emulator and the shells of this machine make of them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ScriptRun } from '../../src/script-run.ts';

export interface Script {
  /** `FILE: what it does`. */
  readonly name: string;
  readonly text: string;
}

export interface Outcome {
  readonly stdout: string;
  readonly exitCode: number | undefined;
}

/** Each file holds scripts; a line that starts with `#: ` names the next one. */
export function corpus(): Script[] {
  const folder = path.join(import.meta.dirname, 'corpus');
  return fs.readdirSync(folder).toSorted().flatMap((file) => fs.readFileSync(path.join(folder, file), 'utf8').split(/^#: /m).slice(1).map((part) => {
    const end = part.indexOf('\n');
    return { name: `${file.replace('.sh', '')}: ${part.slice(0, end)}`, text: part.slice(end + 1) };
  }));
}

/** Scripts are over by then, by their own clock. */
const limitMs = 60_000;

export interface Emulated extends Outcome {
  readonly stderr: string;
  /** Timers that were left when it had ended, or after its minute. */
  readonly timersLeft: number;
}

/** Runs a script in an emulated busybox, in an empty folder. */
export function emulate(text: string, env: Readonly<Record<string, string>> = {}): Emulated {
  let stdout = '';
  let stderr = '';
  const command = ['sh', '-c', `mkdir /tmp/w; cd /tmp/w; exec sh -c "$0"`, text];
  const run = new ScriptRun({ command, env, onStdout: (more) => { stdout += more; }, onStderr: (more) => { stderr += more; } });
  const end = run.clock.now() + limitMs;
  while (run.clock.now() < end && run.step());
  const { exitCode } = run;
  const timersLeft = run.clock.pending().count;
  run.close();
  return { stdout, stderr, exitCode, timersLeft };
}

/** Shells that speak as POSIX wants, by name; those that this machine has. */
export const shells: readonly { readonly name: string; readonly command: readonly string[]; readonly present: boolean }[] = [
  { name: 'busybox', command: ['busybox', 'sh', '-c'] }, { name: 'dash', command: ['dash', '-c'] }, { name: 'bash', command: ['bash', '-c'] },
].map((shell) => ({ ...shell, present: spawnSync(shell.command[0]!, [...shell.command.slice(1), 'exit 0']).status === 0 }));

/** Runs a script on this machine, in an empty folder. */
export async function runHere(command: readonly string[], text: string): Promise<Outcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fakelet-corpus-'));
  const child = spawn(command[0]!, [...command.slice(1), text], {
    cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000, env: { PATH: process.env['PATH'], HOME: '/root', LC_ALL: 'C' },
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  const [code, signal] = await once(child, 'close') as [number | null, NodeJS.Signals | null];
  fs.rmSync(folder, { recursive: true });
  return { stdout, exitCode: code ?? 128 + os.constants.signals[signal!] };
}
