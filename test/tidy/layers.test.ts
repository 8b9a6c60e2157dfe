/** Nothing imports a row below itself: design §2, enforced by reading the imports. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';

/** Per folder: the source folders it may import from. `api/port` and `api/errors` are the only doors of the API. */
const allowed: Record<string, readonly string[]> = {
  'src/lib': ['src/lib'],
  'src/schema': ['src/lib', 'src/schema'],
  'src/clock': ['src/lib', 'src/clock'],
  'src/store': ['src/lib', 'src/store'],
  'src/api': ['src/lib', 'src/schema', 'src/clock', 'src/store', 'src/api', 'src/limits.ts'],
  'src/programs': ['src/lib', 'src/clock', 'src/programs'],
  'src/runtime': ['src/lib', 'src/clock', 'src/programs', 'src/runtime'],
  'src/controllers': ['src/lib', 'src/schema', 'src/clock', 'src/runtime', 'src/controllers', 'src/api/port.ts', 'src/api/errors.ts'],
  'src/cluster': ['src/lib', 'src/schema', 'src/clock', 'src/store', 'src/api', 'src/programs', 'src/runtime', 'src/controllers',
    'src/cluster', 'src/limits.ts', 'src/options.ts', 'src/version.ts'],
  'routes': ['src/schema', 'src/api/kube-api.ts', 'src/api/errors.ts', 'src/api/node-connector.ts',
    'src/api/streams.ts', 'src/cluster', 'src/limits.ts', 'routes'],
};
/** Packages each row may use; rows that are not listed use none. */
const packages: Record<string, readonly string[]> = {
  'src/schema': ['@sinclair/typebox'],
  'src/api': ['yaml', 'protobufjs', 'node:zlib', 'node:crypto', 'node:buffer'],
  'src/programs': ['node:crypto', 'node:buffer', 'node:zlib'],
  'src/runtime': ['yaml'],
  'src/cluster': ['yaml', 'node:crypto'],
  'routes': ['fastify', '@fastify/type-provider-typebox', '@sinclair/typebox', 'ws', 'node:http', 'node:stream', 'node:tls', 'node:zlib', 'prom-client'],
};

test('every import stays within its layer', () => {
  const wrong = sourceFiles('src', 'routes').flatMap((file) => {
    const row = Object.keys(allowed).find((folder) => file.startsWith(`${folder}/`));
    if (!row) return [];
    return importsOf(file).filter((target) => !mayImport(row, target)).map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

function mayImport(row: string, target: string): boolean {
  if (!target.startsWith('src/') && !target.startsWith('routes')) return (packages[row] ?? []).some((name) => target === name || target.startsWith(`${name}/`));
  return allowed[row]!.some((folder) => target === folder || target.startsWith(`${folder}/`));
}

function importsOf(file: string): string[] {
  const text = fs.readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import\s+(?:type\s+)?[\w{*]|export\s+(?:type\s+)?[{*])[^;']*?\bfrom '([^']+)'/gm)].map(([, target]) =>
    target!.startsWith('.') ? path.posix.join(path.posix.dirname(file), target!) : target!);
}
