/**
 * `npm run bench [-- NAME…]`: figures that matter to users, each as a ratio or a bound measured in this one run, beside
 * the target it is held to. Names: start, http, pods, crashloop, quiet, watch, clusters, programs, stories.
 */
import { benchCrashLoop, benchPods, benchQuiet } from './clusters.ts';
import { benchManyClusters } from './many-clusters.ts';
import { benchHttp } from './http.ts';
import { benchPrograms } from './programs.ts';
import { benchStart } from './start.ts';
import { benchStories } from './stories.ts';
import { benchWatch } from './watch.ts';
import type { Figure } from './figure.ts';

const benches: Record<string, () => Promise<Figure[]>> = {
  start: benchStart, http: benchHttp, pods: benchPods, crashloop: benchCrashLoop, quiet: benchQuiet, watch: benchWatch, clusters: benchManyClusters,
  programs: benchPrograms, stories: benchStories,
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in benches));
if (unknown) {
  console.error(`Failed to run the benchmark: '${unknown}' is unknown. Give some of: ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}
for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const { what, measured, target } of await bench()) console.log(`${what.padEnd(58)} ${measured.padStart(22)}   ${target}`);
}
process.exit(0);
