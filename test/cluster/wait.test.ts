import { expect, test } from 'vitest';
import { parseCondition } from '../../src/cluster/wait.ts';

const pod = {
  metadata: { name: 'web' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [{ restartCount: 3 }] },
};

const eventsOf = () => [{ metadata: {}, reason: 'BackOff', count: 2 }, { metadata: {}, reason: 'BackOff' }];

test.each([
  ['condition=Ready', false], ['condition=Ready=False', true], ['condition=ready=false', true], ['condition=Absent', false],
  ['phase=Running', true], ['phase=Failed', false], ['create', true], ['delete', false],
  ['jsonpath={.status.phase}=Running', true], ['jsonpath={.status.podIP}', false], ['jsonpath={.status.phase}', true],
  ['jsonpath={.status.containerStatuses[0].restartCount}=3', true], ['jsonpath=.status.phase=Running', true],
  ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=False', true], ['jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', false],
  ['event=BackOff', true], ['event=BackOff>=3', true], ['event=BackOff>=4', false], ['event=Killing', false],
])('%s is %s', (text, met) => {
  expect(parseCondition(text, eventsOf)(pod)).toBe(met);
});

test('an object that is gone meets only delete', () => {
  expect(['delete', 'create', 'phase=Running', 'condition=Ready'].map((text) => parseCondition(text, eventsOf)(undefined))).toEqual([true, false, false, false]);
});

test('what is no condition is refused with examples', () => {
  expect(() => parseCondition(undefined, eventsOf)).toThrow("Failed to wait: '' is not a condition. ");
  expect(() => parseCondition('ready', eventsOf)).toThrow("Failed to wait: 'ready' is not a condition. "
    + 'Write condition=Ready, condition=Ready=False, phase=Running, jsonpath={.status.podIP}, event=BackOff, create or delete.');
});

test.each(['jsonpath={.a[}', 'jsonpath={.a}x', 'event=', 'event=A>=x'])('%s is refused', (text) => {
  expect(() => parseCondition(text, eventsOf)).toThrow('Failed to wait: ');
});
