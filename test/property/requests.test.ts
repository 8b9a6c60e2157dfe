import fc from 'fast-check';
import { test } from 'vitest';
import { requestsPerSession, sessions } from './api-session.ts';

/** A taste; `npm run fuzz` asks for more. */
const requests = 1500;

test('random requests are answered as an API must', () => {
  fc.assert(sessions, { seed: 1, numRuns: requests / requestsPerSession });
});
