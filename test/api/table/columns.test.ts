import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { isObject } from '../../../src/lib/json.ts';
import { groups } from '../../../src/schema/resources.ts';
import { tableFor, type ColumnDefinition } from '../../../src/api/table/table.ts';

const resources = groups.flatMap(({ group, versions }) => versions.flatMap(({ version, resources: list }) =>
  list.map((facts) => ({ group, apiVersion: group === '' ? version : `${group}/${version}`, kind: facts.kind, facts }))));

interface Recorded { path: string; columns: ColumnDefinition[] }

/** Columns in the recorded answers to requests about built-in resources. */
function recordedColumns(): Recorded[] {
  const found = new Map<string, Recorded>();
  for (const session of ['16-table-metadata', '20-nodes', '25-crds']) {
    const { cases } = JSON.parse(readFileSync(new URL(`../../golden/api/${session}.json`, import.meta.url), 'utf8')) as {
      cases: { request?: { path: string }; expect?: { body?: unknown } }[];
    };
    for (const { request, expect: expected } of cases) {
      const body = expected?.body;
      if (!request || !isObject(body) || body['kind'] !== 'Table') continue;
      const path = request.path.replace(/\?.*/, '');
      found.set(path, { path, columns: body['columnDefinitions'] as ColumnDefinition[] });
    }
  }
  return [...found.values()];
}

function resourceAt(path: string) {
  const [, apiVersion, rest] = /^\/apis?\/((?:[^/]+\.[^/]+|apps|batch|policy)\/v\d+|v\d+)\/(.*)$/.exec(path) ?? [];
  const plural = rest!.replace(/^namespaces\/[^/]+\//, '').split('/')[0];
  return resources.find((resource) => resource.apiVersion === apiVersion && resource.facts.resource === plural)!;
}

test.each(recordedColumns())('the columns of $path are the recorded ones', ({ path, columns }) => {
  expect(tableFor(resourceAt(path), [], 0).columnDefinitions).toEqual(columns);
});

describe('printers', () => {
  const listed = resources.filter(({ facts }) => facts.columns);

  it('print at least one cell for each column of every kind, even for an empty object', () => {
    const tables = listed.map((resource) => tableFor(resource, [{ metadata: {} }], 0));
    const missing = tables.filter(({ rows, columnDefinitions }) => rows![0]!.cells.length < columnDefinitions!.length);
    expect(missing).toEqual([]);
  });

  it('exist for every kind whose columns are not the default ones', () => {
    const unprinted = listed.filter(({ facts }) => !facts.defaultColumns).filter((resource) => tableFor(resource, [], 0).rows === null);
    expect(unprinted.map(({ kind }) => kind)).toEqual([]);
  });
});
