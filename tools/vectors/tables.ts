/** Adapter for table cells. */
import { groups } from '../../src/schema/resources.ts';
import { parseApiVersion, type KubeObject } from '../../src/schema/objects.ts';
import { tableFor } from '../../src/api/table/table.ts';
import { expectedOf, type Adapter } from './vector.ts';

export const printers: Adapter = (vector) => {
  const object = vector['object'] as KubeObject;
  const apiVersion = object.apiVersion ?? '';
  const table = tableFor({ ...resourceOf(apiVersion, object.kind ?? ''), apiVersion }, [object], Date.parse(vector['now'] as string));
  const { cells, conditions } = table.rows![0]!;
  return {
    expected: expectedOf(vector, ['object', 'now']),
    got: { cells, columns: table.columnDefinitions?.map((column) => column.name), ...(conditions && { conditions }) },
  };
};

function resourceOf(apiVersion: string, kind: string) {
  const { group, version } = parseApiVersion(apiVersion);
  const served = groups.find((candidate) => candidate.group === group)?.versions.find((candidate) => candidate.version === version);
  const facts = served?.resources.find((candidate) => candidate.kind === kind);
  if (!facts) throw new Error(`no resource serves ${apiVersion} ${kind}`);
  return { group, kind, facts };
}
