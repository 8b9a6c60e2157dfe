/**
 * Writes what is generated: `src/schema` from `tools/facts` (one module per API group version, the registry of kinds, the
 * table of resources) and the tables of the README, one of which needs a run of test/scenarios. `npm run generate` rewrites the files, `--check` only says whether they are current.
 */
import fs from 'node:fs';
import path from 'node:path';
import { moduleSource, modulesOf, type Facts } from './generate/modules.ts';
import { differences } from '../src/cluster/differences.ts';
import { renderDifferences, renderOptions, withSection } from './generate/readme.ts';
import { passedRules, renderRules, renderScenarios, scenarioSections } from './generate/scenarios.ts';
import { kindsSource, resourcesSource, resourceTypesSource, type ResourceFacts } from './generate/tables.ts';

const read = (file: string) => JSON.parse(fs.readFileSync(path.join('tools/facts', file), 'utf8')) as unknown;

function outputs(): Map<string, string> {
  const facts = read('types.json') as Facts;
  const files = new Map<string, string>();
  for (const [module, types] of modulesOf(facts)) files.set(`src/schema/${module}.ts`, moduleSource(facts, module, types));
  files.set('src/schema/kinds.ts', kindsSource(facts));
  const resources = read('resources.json') as ResourceFacts;
  files.set('src/schema/resources.ts', resourcesSource(resources));
  files.set('src/schema/resource-types.ts', resourceTypesSource(facts, resources));
  let readme = withSection(fs.readFileSync('README.md', 'utf8'), 'options', renderOptions());
  readme = withSection(readme, 'differences', renderDifferences(differences));
  const sections = scenarioSections();
  files.set('README.md', withSection(readme, 'scenarios', renderScenarios(sections, passedRules())));
  files.set('docs/pod-lifecycle.md', renderRules(sections));
  return files;
}

const check = process.argv.includes('--check');
let stale = 0;
for (const [file, text] of outputs()) {
  const current = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (current === text) continue;
  stale++;
  if (check) console.log(`${file} is not current. Run: npm run generate`);
  else {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}
if (check && stale > 0) process.exitCode = 1;
