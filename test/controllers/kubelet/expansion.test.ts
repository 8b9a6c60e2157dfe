import { expect, test } from 'vitest';
import { expand } from '../../../src/controllers/kubelet/expansion.ts';

const vars: Readonly<Record<string, string>> = { A: 'a', EMPTY: '', REF: '$(A)' };

test.each([
  ['$(A)', 'a'], ['x$(A)y$(A)', 'xaya'], ['$(EMPTY)', ''], ['$(NONE)', '$(NONE)'], ['$$(A)', '$(A)'], ['$$$(A)', '$a'], ['$A', '$A'],
  ['$(A', '$(A'], ['$', '$'], ['$(REF)', '$(A)'], ['$()', '$()'],
])('%s becomes %s', (text, expanded) => {
  expect(expand(text, (name) => vars[name])).toBe(expanded);
});
