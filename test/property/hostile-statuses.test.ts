import fc from 'fast-check';
import { test } from 'vitest';
import { hostileSessions } from './hostile-statuses.ts';

test('no component fails over what clients write into statuses', () => {
  fc.assert(hostileSessions, { seed: 1, numRuns: 10 });
});
