import fs from 'node:fs';
import { expect, test } from 'vitest';
import { isGenerated, sourceFiles } from './source-files.ts';

const fileLinesMax = 300;
const functionLinesMax = 70;

test(`no source or test file has more than ${fileLinesMax} lines`, () => {
  const long = handWritten().filter(({ lines }) => lines.length > fileLinesMax).map(({ file, lines }) => `${file}: ${lines.length}`);
  expect(long).toEqual([]);
});

test(`no function has more than ${functionLinesMax} lines`, () => {
  const long = handWritten().flatMap(({ file, lines }) => longFunctions(lines).map((at) => `${file}:${at}`));
  expect(long).toEqual([]);
});

function handWritten(): { file: string; lines: string[] }[] {
  return sourceFiles('src', 'routes', 'test', 'bench', 'tools')
    .map((file) => ({ file, text: fs.readFileSync(file, 'utf8') }))
    .filter(({ text }) => !isGenerated(text))
    .map(({ file, text }) => ({ file, lines: text.trimEnd().split('\n') }));
}

/** Start lines of functions and methods whose closing brace, at the same indentation, comes too late. */
function longFunctions(lines: string[]): number[] {
  const starts: number[] = [];
  for (const [i, line] of lines.entries()) {
    const head = /^(\s*)(?:export |default |private |protected |public |static |override |async |\*|get |set )*(?:function\b|[#\w]+\s*(?:<[^>]*>)?\([^=]*\)\s*(?::[^=]*)?\{$|const \w+ = (?:async )?\([^)]*\)(?:: [^=]+)? => \{$)/.exec(line);
    if (!head || /^\s*(?:if|for|while|switch|catch|return|test|describe)\b/.test(line)) continue;
    const end = lines.findIndex((other, j) => j > i && other.startsWith(`${head[1]}}`));
    if (end - i + 1 > functionLinesMax) starts.push(i + 1);
  }
  return starts;
}
