/**
 * `npm run sim -- [--seeds N] [--from S]`: N random Pod lives (test/property/pod-life.ts), 1,000 by default, from seed S
 * on, 1 by default. Every tenth is lived twice and must repeat itself. The first seed that breaks a rule ends it.
 */
import { parseArgs } from 'node:util';
import { PodLife } from '../test/property/pod-life.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' }, all: { type: 'boolean', default: false } } });
const from = Number(values.from);
const count = Number(values.seeds);
const repeatEvery = 10;
let pods = 0;
let failed = 0;

for (let seed = from; seed < from + count; seed++) {
  const broken = problemsOf(seed);
  if (broken.length > 0) {
    failed++;
    process.stdout.write(`seed ${seed} breaks rules (npm run sim -- --seeds 1 --from ${seed}):\n${broken.slice(0, 10).map((rule) => `  ${rule}\n`).join('')}`);
    if (!values.all) break;
  }
  const done = seed - from + 1;
  if (done % 100 === 0 || done === count) process.stdout.write(`${done} of ${count} seeds, ${pods} Pods, ${Math.round(process.cpuUsage().user / 1e6)} s CPU\n`);
}
process.stdout.write(failed === 0 ? 'No rule was broken.\n' : `${failed} seeds broke rules.\n`);
process.exit(failed === 0 ? 0 : 1);

function problemsOf(seed: number): readonly string[] {
  const life = new PodLife(seed);
  const digest = life.run();
  pods += life.podCount;
  const { broken } = life;
  if (count > 1 && seed % repeatEvery !== 0) return broken;
  return new PodLife(seed).run() === digest ? broken : [...broken, 'a second run of the seed is another one'];
}
