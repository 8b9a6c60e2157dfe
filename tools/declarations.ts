/** Replaces what tsc wrote of the generated schema in dist/types with plain interfaces. Part of `node tools/build.mjs --types`. */
import fs from 'node:fs';
import { declarationsOf } from './generate/declarations.ts';
import { modulesOf, type Facts } from './generate/modules.ts';

const facts = JSON.parse(fs.readFileSync('tools/facts/types.json', 'utf8')) as Facts;
for (const [module, types] of modulesOf(facts)) fs.writeFileSync(`dist/types/src/schema/${module}.d.ts`, declarationsOf(facts, module, types));
