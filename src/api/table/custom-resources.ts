/** Rows of custom resources: the printer columns that a CustomResourceDefinition asks for (apiextensions' tableconvertor). */
import type { CustomResourceColumnDefinition } from '../../schema/apiextensions/v1.ts';
import { goJson } from '../../lib/go-format.ts';
import { JsonPathError, parseJsonPath, type JsonPath } from '../../lib/json-path.ts';
import { humanDuration } from '../../schema/values/duration.ts';
import { isZeroTime, parseTime, TimeError } from '../../schema/values/time.ts';
import { describeColumn } from './column-descriptions.ts';
import { nameOf, printer, type Cell, type Printer } from './cells.ts';

export type PrinterColumn = CustomResourceColumnDefinition;

/** What the server uses when a version asks for no columns. */
export const defaultPrinterColumns: readonly PrinterColumn[] = [
  { name: 'Age', type: 'date', description: describeColumn('', 'Age'), jsonPath: '.metadata.creationTimestamp' },
];

/** Prints the name and then a cell for each column. A column whose path cannot be read stays empty. */
export function customResourcePrinter(columns: readonly PrinterColumn[]): Printer {
  const paths = columns.map(({ jsonPath, type }) => ({ type, find: pathOf(jsonPath) }));
  return printer<{ metadata: { name: string } }>((object, now) => [
    nameOf(object), ...paths.map(({ type, find }) => cell(type, find(object), now)),
  ]);
}

export function describePrinterColumn(column: PrinterColumn): string {
  return column.description || `Custom resource definition column (in JSONPath format): ${column.jsonPath}`;
}

function pathOf(text: string): JsonPath {
  try {
    return parseJsonPath(text);
  } catch (error) {
    if (error instanceof JsonPathError) return () => [];
    throw error;
  }
}

function cell(type: string, found: readonly unknown[], now: number): Cell {
  if (found.length === 0) return null;
  const value = found[0];
  switch (type) {
    case 'string': return goText(value);
    case 'integer': return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number': return typeof value === 'number' ? value : null;
    case 'boolean': return typeof value === 'boolean' ? value : null;
    case 'date': return typeof value === 'string' ? dateCell(value, now) : null;
    default: return null;
  }
}

function dateCell(text: string, now: number): string {
  try {
    const instant = text === '' ? undefined : parseTime(text);
    return !instant || isZeroTime(instant) ? '<unknown>' : humanDuration(now / 1000 - instant.seconds);
  } catch (error) {
    if (error instanceof TimeError) return '<invalid>';
    throw error;
  }
}

/** A value as Go's templates print it: objects and lists as JSON, numbers with Go's exponents. */
function goText(value: unknown): string {
  if (value === null) return '<no value>';
  if (typeof value === 'object') return goJson(value);
  if (typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-4) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(value);
}
