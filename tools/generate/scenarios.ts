/**
 * What the kubelet emulates, for the README and docs/pod-lifecycle.md. Each file of `test/scenarios/pod-lifecycle` is a section of Kubernetes'
 * page on the Pod lifecycle, each test's name in it a rule of that page; whether a rule holds is what a run of the tests says.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = 'test/scenarios/pod-lifecycle';

export interface Section {
  /** From the file's name: `Pod termination`. */
  readonly title: string;
  readonly rules: readonly string[];
}

/** The sections and rules as they stand in the files, without running them. */
export function scenarioSections(): Section[] {
  return fs.readdirSync(folder).toSorted().map((file) => {
    const source = fs.readFileSync(path.join(folder, file), 'utf8');
    return { title: titleOf(file), rules: [...source.matchAll(/^test\('([^']*)'/gm)].map((match) => match[1]!) };
  });
}

/** Runs the tests; the rules that passed, by section. */
export function passedRules(): Map<string, ReadonlySet<string>> {
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fakelet-')), 'report.json');
  spawnSync('npx', ['vitest', 'run', folder, '--no-isolate', '--reporter=json', `--outputFile=${report}`], { stdio: 'inherit' });
  const { testResults } = JSON.parse(fs.readFileSync(report, 'utf8')) as {
    testResults: { name: string; assertionResults: { title: string; status: string }[] }[];
  };
  fs.rmSync(path.dirname(report), { recursive: true });
  return new Map(testResults.map(({ name, assertionResults }) =>
    [titleOf(path.basename(name)), new Set(assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => title))]));
}

/** The README's table: how many rules each section has, and how many of them hold. */
export function renderScenarios(sections: readonly Section[], passed: ReadonlyMap<string, ReadonlySet<string>>): string {
  const rows = sections.map(({ title, rules }) =>
    `| [${title}](docs/pod-lifecycle.md#${anchorOf(title)}) | ${rules.filter((rule) => passed.get(title)?.has(rule)).length} of ${rules.length} |`);
  return ['| Section | Rules proven |', '|---|---|', ...rows].join('\n');
}

/** docs/pod-lifecycle.md: the rules themselves. */
export function renderRules(sections: readonly Section[]): string {
  return [
    '# What the kubelet emulates', '',
    "The rules of Kubernetes' page on the [Pod lifecycle](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/), each the",
    'name of a test in [test/scenarios/pod-lifecycle](../test/scenarios/pod-lifecycle). Made by `npm run generate`.',
    ...sections.flatMap(({ title, rules }) => ['', `## ${title}`, '', ...rules.map((rule) => `- ${rule}`)]), '',
  ].join('\n');
}

const anchorOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

function titleOf(file: string): string {
  const words = file.replace('.test.ts', '').replaceAll('-', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
}
