/** What a page shows: its code blocks, and a player of its console sessions. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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

export interface CodeBlock { readonly language: string; readonly text: string }

export function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language: language!, text: text! }));
}

/** Runs the commands of a session against a server of its own and compares what they print. */
export async function playSession(session: string): Promise<void> {
  const server = await start(libraryOptions({}));
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'fakelet-session-'));
  for (const step of session.split(/^\$ /m).filter((text) => text !== '')) {
    const { command, output } = split(step);
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd, env: { ...process.env, URL: server.url } });
    expect({ command, stdout: stdout.replaceAll('\r', '').trimEnd() }).toEqual({ command, stdout: output.trimEnd() });
  }
  await server.close();
  fs.rmSync(cwd, { recursive: true });
}

/** A command goes on while a quote is open; what follows is its output. */
function split(step: string): { command: string; output: string } {
  const lines = step.split('\n');
  let end = 1;
  while ((lines.slice(0, end).join('\n').match(/'/g)?.length ?? 0) % 2 === 1) end++;
  return { command: lines.slice(0, end).join('\n'), output: lines.slice(end).join('\n') };
}
