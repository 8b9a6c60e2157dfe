/** The README is run: its curl session against a server, its library snippet as the test beside this one. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { differences } from '../../src/cluster/differences.ts';
import { renderDifferences, renderOptions } from '../../tools/generate/readme.ts';
import { block, playSession } from './session.ts';
import { renderRules, renderScenarios, scenarioSections } from '../../tools/generate/scenarios.ts';

const readme = fs.readFileSync('README.md', 'utf8');

test('the curl session prints what it says', () => playSession(readme));

test('the library snippet is a test of ours', () => {
  expect(block(readme, 'library')).toBe(fs.readFileSync('test/docs/library-example.test.ts', 'utf8'));
});

test('the options and the differences are current (npm run generate)', () => {
  expect(readme).toContain(renderOptions());
  expect(readme).toContain(renderDifferences(differences));
});

test('what the kubelet emulates is what the scenarios prove, rule by rule (npm run generate)', () => {
  const sections = scenarioSections();
  const all = new Map(sections.map(({ title, rules }) => [title, new Set(rules)]));
  expect(readme).toContain(renderScenarios(sections, all));
  expect(fs.readFileSync('docs/pod-lifecycle.md', 'utf8')).toBe(renderRules(sections));
});

test('the README stays short', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(250);
});
