/** Texts and exit codes that busybox had for scripts, run in an empty folder: 1.36.1, but for `dump.json` 1.35 of Debian. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { emulate } from './corpus.ts';

interface Recorded {
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const folder = path.join(import.meta.dirname, 'busybox');

describe.each(fs.readdirSync(folder))('%s', (file) => {
  it.each(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Recorded[])('$script', ({ script, ...expected }) => {
    const { stdout, stderr, exitCode } = emulate(script, { HOME: '/root' });
    expect({ stdout, stderr, exitCode }).toEqual(expected);
  });
});
