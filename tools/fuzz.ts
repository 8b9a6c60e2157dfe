/**
 * Random requests by the thousand against a bare API (test/property/api-session.ts says what must hold).
 * `npm run fuzz [-- --requests 100000 --seed S]`; without a seed, the time of day is one.
 */
import fc from 'fast-check';
import { inspect, parseArgs } from 'node:util';
import { requestsPerSession, sessions } from '../test/property/api-session.ts';

const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } } });
const requests = Number(values.requests);
const firstSeed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const sessionsPerRound = 40;
/** Sessions are of half to full length. */
const requestsPerRound = (sessionsPerRound * requestsPerSession * 3) / 4;

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(0);
let asked = 0;
process.stdout.write(`seed ${firstSeed}\n`);
for (let seed = firstSeed; asked < requests; seed++) {
  const outcome = fc.check(sessions, { seed, numRuns: sessionsPerRound });
  if (outcome.failed) {
    process.stdout.write(`${inspect(outcome.errorInstance)}\n\nAgain: npm run fuzz -- --requests ${requestsPerRound} --seed ${seed}\n`);
    process.exit(1);
  }
  asked += requestsPerRound;
  process.stdout.write(`${asked} of ${requests} requests, ${seconds()} s\n`);
}
