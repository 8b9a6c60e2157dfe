/** Kinds that are answered and never stored: scales, tokens, reviews. What an answer must know to show one. */
import { parseApiVersion } from '../schema/objects.ts';
import type { ColumnFact } from '../schema/resource-facts.ts';
import { defaultPrinterColumns } from './table/custom-resources.ts';
import { typeNamed, type ShownResource } from './transform.ts';

/** pkg/printers/internalversion prints one of them. */
const columns: Readonly<Record<string, readonly ColumnFact[]>> = {
  'autoscaling/Scale': [['Name', 'string', '', 0], ['Desired', 'integer', '', 0], ['Available', 'integer', '', 0], ['Age', 'string', '', 0]],
};

const known = new Map<string, ShownResource>();

/** The kind of an answer, one value for each kind. */
export function answeredKind(apiVersion: string, kind: string): ShownResource {
  const name = `${apiVersion}/${kind}`;
  let shown = known.get(name);
  if (!shown) {
    const { group } = parseApiVersion(apiVersion);
    const own = columns[`${group}/${kind}`];
    shown = { group, apiVersion, kind, type: typeNamed(apiVersion, kind), groupResource: { group, resource: '' }, facts: { kind, ...(own && { columns: own }) } };
    known.set(name, shown);
  }
  return shown;
}

/** Scales of custom resources are shown by the printer of custom resources (apiextensions' getScaleColumnsForVersion). */
export const customScaleKind: ShownResource = {
  ...answeredKind('autoscaling/v1', 'Scale'),
  printerColumns: [
    { name: 'Desired', type: 'integer', description: 'Number of desired replicas', jsonPath: '.spec.replicas' },
    { name: 'Available', type: 'integer', description: 'Number of actual replicas', jsonPath: '.status.replicas' },
    ...defaultPrinterColumns,
  ],
};
