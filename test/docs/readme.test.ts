/** The README says what is so; guides.test.ts runs what it shows. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { differences } from '../../src/cluster/differences.ts';
import { renderDifferences, renderOptions } from '../../tools/generate/readme.ts';
import { renderRules, renderScenarios, scenarioSections } from '../../tools/generate/scenarios.ts';

const readme = fs.readFileSync('README.md', 'utf8');

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
