import { expect, test } from 'vitest';
import { parseCondition } from '../../src/cluster/wait.ts';

const pod = {
  metadata: { name: 'web' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [{ restartCount: 3 }] },
};

test.each([
  ['condition=Ready', false], ['condition=Ready=False', true], ['condition=ready=false', true], ['condition=Absent', false],
  ['phase=Running', true], ['phase=Failed', false], ['create', true], ['delete', false],
  ['jsonpath={.status.phase}=Running', true], ['jsonpath={.status.podIP}', false], ['jsonpath={.status.phase}', true],
])('%s is %s', (text, met) => {
  expect(parseCondition(text)(pod)).toBe(met);
});

test('an object that is gone meets only delete', () => {
  expect(['delete', 'create', 'phase=Running', 'condition=Ready'].map((text) => parseCondition(text)(undefined))).toEqual([true, false, false, false]);
});

test('what is no condition is refused with examples', () => {
  expect(() => parseCondition('ready')).toThrow("Failed to wait: 'ready' is not a condition. "
    + 'Write condition=Ready, condition=Ready=False, phase=Running, jsonpath={.status.podIP}, create or delete.');
});
