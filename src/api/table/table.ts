/**
 * Tables: what `kubectl get` asks for (`as=Table;g=meta.k8s.io`). Columns come from the table of resources and from
 * CustomResourceDefinitions, cells from the printers next to this file, one file per family of kinds. A kind without a
 * printer shows its name and its time of creation. Always the wide row: clients hide columns by their priority.
 */
import type { KubeObject } from '../../schema/objects.ts';
import type { ColumnFact, ResourceFacts } from '../../schema/resource-facts.ts';
import { badRequest, notAcceptable, printResource, type GroupResource } from '../errors.ts';
import { quote } from '../../lib/go-format.ts';
import { admissionPrinters, autoscalingPrinters } from './admission-and-scaling.ts';
import { basicPrinters } from './basics.ts';
import { nameOf, printer, type Cell, type Printer, type Printers } from './cells.ts';
import { describeColumn } from './column-descriptions.ts';
import { customResourcePrinter, defaultPrinterColumns, describePrinterColumn, type PrinterColumn } from './custom-resources.ts';
import { networkingPrinters } from './networking.ts';
import { eventPrinters, nodePrinters } from './nodes-and-events.ts';
import {
  partialObjectMetadata, type ListMeta, type MetadataResource, type MetaVersion, type PartialObjectMetadata,
} from './partial-metadata.ts';
import { podPrinters, podRowConditions, type RowCondition } from './pods.ts';
import { storagePrinters } from './storage.ts';
import { workloadPrinters } from './workloads.ts';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

export interface TableRow {
  readonly cells: readonly Cell[];
  readonly conditions?: readonly RowCondition[];
  readonly object: KubeObject | PartialObjectMetadata | null;
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: string;
  readonly metadata: ListMeta;
  readonly columnDefinitions: readonly ColumnDefinition[] | null;
  readonly rows: readonly TableRow[] | null;
}

/** What a table must know of a resource; `ResourceDef` of the registry has it all. */
export interface TableResource extends MetadataResource {
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly facts: Pick<ResourceFacts, 'kind' | 'columns'>;
  /** Columns of a custom resource's version; undefined for built-in resources. */
  readonly printerColumns?: readonly PrinterColumn[] | undefined;
}

export type IncludeObject = 'Metadata' | 'Object' | 'None';

export interface TableOptions {
  readonly includeObject?: IncludeObject;
  readonly version?: MetaVersion;
  /** Metadata of the list that was asked for; a table of one object takes that object's version. */
  readonly metadata?: ListMeta;
  /** Leaves the columns out, as all but the first event of a watch do. */
  readonly noHeaders?: boolean;
}

const printers: Printers = {
  ...podPrinters, ...nodePrinters, ...eventPrinters, ...workloadPrinters, ...networkingPrinters, ...storagePrinters,
  ...basicPrinters, ...admissionPrinters, ...autoscalingPrinters,
};

/** For kinds without a printer of their own. */
const defaultPrinter = printer<KubeObject>((object) => [nameOf(object), object.metadata?.creationTimestamp ?? null]);

/** Reads the `includeObject` parameter. Throws `ApiError`. */
export function parseIncludeObject(value: string | undefined): IncludeObject {
  if (value === undefined || value === '') return 'Metadata';
  if (value === 'Metadata' || value === 'Object' || value === 'None') return value;
  throw badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${quote(value)}: must be 'Metadata', 'Object', 'None', or empty`);
}

/** Throws `ApiError` for resources that no table shows. */
export function assertHasTable(resource: TableResource & { readonly groupResource: GroupResource }): void {
  if (resource.printerColumns || resource.facts.columns) return;
  throw notAcceptable(`the resource ${printResource(resource.groupResource)} does not support being converted to a Table`);
}

/** The table of some objects. `now` is in milliseconds, for ages. */
export function tableFor(resource: TableResource, objects: readonly KubeObject[], now: number, options: TableOptions = {}): Table {
  const { print, columns, usesDefaultPrinter } = layoutOf(resource);
  const { includeObject = 'Metadata', version = 'v1', metadata = versionOf(objects[0]), noHeaders = false } = options;
  const rows = objects.map((object) => {
    const conditions = resource.kind === 'Pod' && resource.group === '' ? podRowConditions(object as object) : undefined;
    return { cells: print(object, now), ...(conditions && { conditions }), object: included(resource, object, includeObject, version) };
  });
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: noHeaders ? null : columns,
    // Upstream's default printer appends to a nil list.
    rows: usesDefaultPrinter && rows.length === 0 ? null : rows,
  };
}

interface Layout {
  readonly print: Printer;
  readonly columns: readonly ColumnDefinition[];
  readonly usesDefaultPrinter: boolean;
}

const layouts = new WeakMap<object, Layout>();

function layoutOf(resource: TableResource): Layout {
  const key = resource.printerColumns ?? resource.facts;
  let layout = layouts.get(key);
  if (!layout) layouts.set(key, layout = resource.printerColumns ? customLayout(resource.printerColumns) : builtInLayout(resource));
  return layout;
}

function builtInLayout({ group, kind, facts }: TableResource): Layout {
  const name = `${group}/${kind}`;
  const columns = (facts.columns ?? []).map(([column, type, format, priority]: ColumnFact) =>
    ({ name: column, type, format, description: describeColumn(name, column), priority }));
  const own = printers[name];
  return { print: own ?? defaultPrinter, columns, usesDefaultPrinter: !own };
}

function customLayout(asked: readonly PrinterColumn[]): Layout {
  const columns = asked.length > 0 ? asked : defaultPrinterColumns;
  const definitions = columns.map((column) => ({
    name: column.name, type: column.type, format: column.format ?? '', description: describePrinterColumn(column), priority: column.priority ?? 0,
  }));
  const name = { name: 'Name', type: 'string', format: 'name', description: describeColumn('', 'Name'), priority: 0 };
  return { print: customResourcePrinter(columns), columns: [name, ...definitions], usesDefaultPrinter: false };
}

function versionOf(object: KubeObject | undefined): ListMeta {
  const resourceVersion = object?.metadata?.resourceVersion;
  return resourceVersion ? { resourceVersion } : {};
}

function included(resource: TableResource, object: KubeObject, include: IncludeObject, version: MetaVersion): TableRow['object'] {
  switch (include) {
    case 'None': return null;
    case 'Metadata': return partialObjectMetadata(resource, object, version);
    case 'Object': return object.kind ? object : { kind: resource.kind, apiVersion: resource.apiVersion, ...object };
  }
}
