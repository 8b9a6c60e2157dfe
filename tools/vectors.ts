/**
 * `npm run vectors -- FOLDER`: runs every `*-vectors.json` found below FOLDER through the functions that the server
 * itself uses. Prints one line per file and one per failure, then the totals; exits with 1 when anything failed.
 * An unknown file or operation is a failure under its own name, so that nothing is skipped in silence.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runVectors, type FileReport } from './vectors/run-vectors.ts';

const shownFailuresMax = 20;
const shownCharsMax = 600;

function main(folder: string | undefined): number {
  if (folder === undefined) {
    console.error('Failed to run vectors: no folder was given. Run: npm run vectors -- FOLDER');
    return 2;
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('-vectors.json')).sort();
  const reports = files.map((file) => runVectors(path.basename(file), readFileSync(path.join(folder, file), 'utf8')));
  reports.forEach(print);
  const passed = reports.reduce((sum, report) => sum + report.passed, 0);
  const failed = reports.reduce((sum, report) => sum + report.failures.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || files.length === 0 ? 1 : 0;
}

function print({ name, passed, failures }: FileReport): void {
  console.log(`${name}: ${passed} passed, ${failures.length} failed`);
  for (const { id, title, expected, got } of failures.slice(0, shownFailuresMax)) {
    console.log(`  ${id}${title ? ` (${title})` : ''}\n    expected ${shown(expected)}\n    got      ${shown(got)}`);
  }
  if (failures.length > shownFailuresMax) console.log(`  and ${failures.length - shownFailuresMax} more`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text;
}

process.exitCode = main(process.argv[2]);
