/** Plays what a page shows: its console session against a server of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { libraryOptions } from '../../src/options.ts';
import { start } from '../../src/serve.ts';

/** The first code block after `<!-- name -->`. */
export function block(page: string, name: string): string {
  const match = new RegExp(`<!-- ${name} -->\n\`\`\`\\w*\n([\\s\\S]*?)\`\`\``).exec(page);
  if (!match) throw new Error(`the page has no block '${name}'`);
  return match[1]!;
}

/** Runs the commands of the block `session` and compares what they print. */
export async function playSession(page: string): Promise<void> {
  const server = await start(libraryOptions({}));
  for (const step of block(page, 'session').split(/^\$ /m).filter((text) => text !== '')) {
    const { command, output } = split(step);
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { env: { ...process.env, URL: server.url } });
    expect({ command, stdout: stdout.replaceAll('\r', '').trimEnd() }).toEqual({ command, stdout: output.trimEnd() });
  }
  await server.close();
}

/** A command goes on while a quote is open; what follows is its output. */
function split(step: string): { command: string; output: string } {
  const lines = step.split('\n');
  let end = 1;
  while ((lines.slice(0, end).join('\n').match(/'/g)?.length ?? 0) % 2 === 1) end++;
  return { command: lines.slice(0, end).join('\n'), output: lines.slice(end).join('\n') };
}
