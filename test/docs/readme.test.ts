/** The README is run: its curl session against a server, its library snippet as the test beside this one. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { differences } from '../../src/cluster/differences.ts';
import { libraryOptions } from '../../src/options.ts';
import { start } from '../../src/serve.ts';
import { renderDifferences, renderOptions } from '../../tools/generate/readme.ts';
import { rulesCell, scenarioSections } from '../../tools/generate/scenarios.ts';

const readme = fs.readFileSync('README.md', 'utf8');

/** The first code block after `<!-- name -->`. */
function block(name: string): string {
  const match = new RegExp(`<!-- ${name} -->\n\`\`\`\\w*\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (!match) throw new Error(`the README has no block '${name}'`);
  return match[1]!;
}

test('the curl session prints what it says', async () => {
  const server = await start(libraryOptions({}));
  for (const step of block('session').split(/^\$ /m).filter((text) => text !== '')) {
    const { command, output } = split(step);
    const { stdout } = await promisify(execFile)('bash', ['-c', command], { env: { ...process.env, URL: server.url } });
    expect({ command, stdout }).toEqual({ command, stdout: output });
  }
  await server.close();
});

/** A command goes on while a quote is open; what follows is its output. */
function split(step: string): { command: string; output: string } {
  const lines = step.split('\n');
  let end = 1;
  while ((lines.slice(0, end).join('\n').match(/'/g)?.length ?? 0) % 2 === 1) end++;
  return { command: lines.slice(0, end).join('\n'), output: lines.slice(end).join('\n') };
}

test('the library snippet is a test of ours', () => {
  expect(block('library')).toBe(fs.readFileSync('test/docs/library-example.test.ts', 'utf8'));
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
