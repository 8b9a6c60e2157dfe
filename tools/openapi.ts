/**
 * Writes openapi.yaml: the emulator's own surface from its route schemas, and the Pod paths from the very document that
 * the server publishes at /openapi/v3/api/v1. `--check` only says whether the file is current.
 */
import fs from 'node:fs';
import { stringify } from 'yaml';
import { openapiDocument } from './openapi/document.ts';

const file = 'openapi.yaml';
const text = `# Made by tools/openapi.ts (npm run generate). Do not edit.\n${stringify(await openapiDocument(), { lineWidth: 0, aliasDuplicateObjects: false })}`;
const current = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text;
if (!current && process.argv.includes('--check')) {
  console.log(`${file} is not current. Run: npm run generate`);
  process.exitCode = 1;
} else if (!current) {
  fs.writeFileSync(file, text);
  console.log(`wrote ${file}`);
}
