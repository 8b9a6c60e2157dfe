/** `fakelet sh [--image IMAGE] SCRIPT [ARGS…]`: tries a script in an emulated container and ends with its status. */
import { OptionError } from './options.ts';
import { ScriptRun } from './script-run.ts';

const stepsPerTurn = 500;

/** Runs the script; answers its status. Throws OptionError. */
export async function shCommand(words: readonly string[]): Promise<number> {
  const { image, script, args } = parse(words);
  let written = true;
  // Whoever reads the output may have seen enough (`| head`): that ends this program as SIGPIPE ends others.
  process.stdout.on('error', () => process.exit(141));
  const run = new ScriptRun({
    image, command: ['sh', '-c', script, 'sh', ...args],
    onStdout: (text) => { written = process.stdout.write(text) && written; },
    onStderr: (text) => void process.stderr.write(text),
  });
  for (let steps = 1; run.step(); steps++) {
    if (!written) await new Promise((resolve) => { process.stdout.once('drain', resolve); });
    else if (steps % stepsPerTurn === 0) await new Promise((resolve) => { setImmediate(resolve); });
    written = true;
  }
  const { exitCode, problem } = run;
  if (problem !== undefined) throw new OptionError(`Failed to start the script: ${problem}. Give another --image or script.`);
  if (exitCode === undefined) throw new OptionError('Failed to run the script to its end: it waits for something that never comes. Let it end by itself.');
  return exitCode;
}

function parse(words: readonly string[]): { image: string; script: string; args: readonly string[] } {
  let rest = words;
  let image = 'busybox:1.36';
  const [first = '', second = ''] = rest;
  if (first === '--image') [image, rest] = [second, rest.slice(2)];
  else if (first.startsWith('--image=')) [image, rest] = [first.slice('--image='.length), rest.slice(1)];
  const [script, ...args] = rest;
  if (image === '') throw new OptionError('Failed to read --image: it needs a name (busybox:1.36).');
  if (script === undefined || script.startsWith('--')) throw new OptionError('Failed to read the command line: sh needs a script. Run fakelet sh \'echo hello\'.');
  return { image, script, args };
}
