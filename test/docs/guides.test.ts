/** The pages are run: their curl sessions against a server; their code is files beside this one, which are tests of ours. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { codeBlocks, playSession } from './session.ts';

const pages = ['README.md', ...fs.readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name))].toSorted();
const blocksOf = (page: string) => codeBlocks(fs.readFileSync(page, 'utf8'));
const pagesWith = (...languages: string[]) => pages.filter((page) => blocksOf(page).some(({ language }) => languages.includes(language)));

const programs = ['ts', 'js', 'go', 'python', 'java', 'rust'];
const tests = new Set(fs.readdirSync('test/docs', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')));

test.each(pagesWith(...programs))('the code of %s is tests of ours', (page) => {
  const unknown = blocksOf(page).filter(({ language, text }) => programs.includes(language) && !tests.has(text));
  expect(unknown).toEqual([]);
});

test.each(pagesWith('console'))('the sessions of %s print what they say', async (page) => {
  await playSession(blocksOf(page).filter(({ language }) => language === 'console').map(({ text }) => text).join(''));
});

test('curl is shown in sessions, which are run, and every block says what it is in', () => {
  const wrong = pages.flatMap((page) => blocksOf(page).filter(({ language, text }) => language === '' || (language === 'sh' && text.includes('curl '))).map(({ text }) => `${page}: ${text}`));
  expect(wrong).toEqual([]);
});

test.each(pages)('the links of %s lead somewhere', (page) => {
  const text = fs.readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const broken = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => path.join(path.dirname(page), target!)).filter((target) => !fs.existsSync(target));
  expect(broken).toEqual([]);
});
