/** The README is run: its curl session against a server, its library snippet as the test beside this one. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { differences } from '../../src/cluster/differences.ts';
import { renderDifferences, renderOptions } from '../../tools/generate/readme.ts';
import { block, playSession } from './session.ts';
import { rulesCell, scenarioSections } from '../../tools/generate/scenarios.ts';

const readme = fs.readFileSync('README.md', 'utf8');

test('the curl session prints what it says', () => playSession(readme));

test('the library snippet is a test of ours', () => {
  expect(block(readme, 'library')).toBe(fs.readFileSync('test/docs/library-example.test.ts', 'utf8'));
});

test('the options and the differences are current (npm run generate)', () => {
  expect(readme).toContain(renderOptions());
  expect(readme).toContain(renderDifferences(differences));
});

test('the table of what the kubelet emulates names each rule that a scenario proves (npm run generate)', () => {
  const rows = /<!-- scenarios -->([\s\S]*?)<!-- \/scenarios -->/.exec(readme)![1]!.trim().split('\n').slice(2);
  expect(rows.map((row) => row.split(' | '))).toEqual(scenarioSections().map(({ title, rules }) =>
    [`| ${title}`, rulesCell(rules), `${rules.length} of ${rules.length} |`]));
});

test('the README stays short', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(250);
});
