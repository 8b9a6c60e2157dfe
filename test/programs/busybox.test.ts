/** Texts and exit codes that busybox 1.36.1 had for scripts, run in an empty folder /tmp/w. */
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
