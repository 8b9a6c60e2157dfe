/** Types as values: `type(self.port) == int`. */
import { isMap, type CelFunction, type CelObject } from './arguments.ts';

/** The types that have a name in expressions. */
export const typeNames: ReadonlySet<string> = new Set(['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint']);

export class TypeValue implements CelObject {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  equals(other: unknown): boolean {
    return other instanceof TypeValue && other.name === this.name;
  }
}

/** A whole number counts as an integer, as JSON's do where a schema says no more. */
function nameOf(value: unknown): string {
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string': return 'string';
    case 'boolean': return 'bool';
    case 'number': return Number.isInteger(value) ? 'int' : 'double';
    default: return isMap(value) ? 'map' : value instanceof TypeValue ? 'type' : (value as object).constructor.name;
  }
}

export const typeFunctions: Readonly<Record<string, CelFunction>> = { type: (value) => new TypeValue(nameOf(value)) };
