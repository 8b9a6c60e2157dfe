/** The guides are run: their curl sessions against a server, their library snippets as tests beside this one. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { block, playSession } from './session.ts';

const guide = (name: string) => fs.readFileSync(`docs/${name}.md`, 'utf8');

test.each(['behaviors', 'faults'])('the session of %s prints what it says', (name) => playSession(guide(name)));

test.each(['behaviors', 'faults'])('the library snippet of %s is a test of ours', (name) => {
  expect(block(guide(name), 'library')).toBe(fs.readFileSync(`test/docs/${name}-example.test.ts`, 'utf8'));
});
