import { expect, test } from 'vitest';
import { matchingRestartRule, restartsAfterKill, shouldRestartAfterExit } from '../../../src/controllers/kubelet/restart-policy.ts';
import type { Container } from '../../../src/schema/core/v1.ts';
import { makePod } from './pods.ts';

const container = (more: Partial<Container>): Container => ({ name: 'a', resources: {}, ...more });
const rule = (operator: string, values: number[], action = 'Restart') => ({ action, exitCodes: { operator, values } });

test.each([
  ['Always', undefined, 0, true], ['Always', undefined, 1, true],
  ['OnFailure', undefined, 0, false], ['OnFailure', undefined, 1, true],
  ['Never', undefined, 0, false], ['Never', undefined, 1, false],
  ['Always', 'Never', 1, false], ['Never', 'Always', 0, true], ['Never', 'OnFailure', 0, false], ['Never', 'OnFailure', 3, true],
])('a Pod with %s and a container with %s that ends with %i: restart is %s', (policy, own, exitCode, expected) => {
  const spec = makePod({ policy }).spec;
  expect(shouldRestartAfterExit(container(own === undefined ? {} : { restartPolicy: own }), spec, exitCode)).toBe(expected);
});

test('the first rule that matches decides, before any policy', () => {
  const spec = makePod({ policy: 'Never' }).spec;
  const ruled = container({ restartPolicy: 'Never', restartPolicyRules: [rule('In', [42]), rule('NotIn', [1, 42])] });
  expect([42, 7, 1].map((exitCode) => shouldRestartAfterExit(ruled, spec, exitCode))).toEqual([true, true, false]);
  expect(matchingRestartRule(ruled, 7)).toEqual(rule('NotIn', [1, 42]));
});

test('rules do not count after a kill by a probe', () => {
  const ruled = container({ restartPolicy: 'Never', restartPolicyRules: [rule('In', [137])] });
  expect(restartsAfterKill(ruled, makePod({ policy: 'Always' }).spec)).toBe(false);
});
