/**
 * The state of one decode: where the reader stands, and what it found wrong. Go's decoder remembers the first wrong type
 * and reads on, while a value with a parser of its own (times, quantities) ends the decode at once; both are kept here.
 */
import { isObject } from '../../lib/json.ts';
import { quote } from '../../lib/go-format.ts';
import { DecodeError } from './decode-error.ts';
import { NumberText } from './json-tree.ts';

/** A struct member on the way to a value. */
export interface PathMember {
  readonly name: string;
  /** Go's path element: the name, after the embedded structs that the member came from. */
  readonly goPath: string;
  /** Local name of the Go struct. */
  readonly owner: string;
}

/** Strict errors that upstream collects at most. */
const strictErrorsMax = 100;

export class Reading {
  readonly strict: boolean;
  /** Whether empty lists and maps count as not set. */
  readonly forgetsEmpty: boolean;
  /** The value was put together by code: nothing in it is repeated or oddly spelled, and nobody asks for its members. */
  readonly plain: boolean;
  /** Members, map keys and list indices from the top to here. */
  readonly path: (PathMember | string | number)[] = [];
  /** Object members read so far; compared with those in the text to notice repeated ones. */
  members = 0;
  readonly #strictErrors = new Set<string>();
  #firstError: string | undefined;

  constructor(strict: boolean, forgetsEmpty = false, plain = false) {
    this.strict = strict;
    this.forgetsEmpty = forgetsEmpty;
    this.plain = plain;
  }

  /** Ends the decode: throws the first error, or answers the strict errors in order. */
  finish(): string[] {
    if (this.#firstError !== undefined) throw new DecodeError(this.#firstError);
    return [...this.#strictErrors];
  }

  /** Notes a value of the wrong type; the decode goes on. */
  mismatch(value: unknown, goType: string, spelled = false): undefined {
    this.#firstError ??= this.#mismatchText(value, goType, spelled);
    return undefined;
  }

  /** Notes an error that does not name the place; the decode goes on. */
  note(message: string): undefined {
    this.#firstError ??= message;
    return undefined;
  }

  /** A wrong type inside a value with a parser of its own. */
  fatalMismatch(value: unknown, goType: string, spelled = false): never {
    throw new DecodeError(this.#mismatchText(value, goType, spelled));
  }

  strictError(kind: 'unknown field' | 'duplicate field', name: string): void {
    if (!this.strict || this.#strictErrors.size >= strictErrorsMax) return;
    const path = strictPath(this.path);
    this.#strictErrors.add(`${kind} ${quote(path === '' ? name : `${path}.${name}`)}`);
  }

  #mismatchText(value: unknown, goType: string, spelled: boolean): string {
    const what = `json: cannot unmarshal ${jsonKind(value)}${spelled ? numberText(value) : ''} into Go`;
    const members = this.path.filter((step) => typeof step === 'object');
    const owner = members.at(-1)?.owner;
    if (owner === undefined) return `${what} value of type ${goType}`;
    return `${what} struct field ${owner}.${members.map((member) => member.goPath).join('.')} of type ${goType}`;
  }
}

function strictPath(path: Reading['path']): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += `${text === '' ? '' : '.'}${typeof step === 'string' ? step : step.name}`;
  }
  return text;
}

export function jsonKind(value: unknown): string {
  if (value instanceof NumberText || typeof value === 'number') return 'number';
  if (Array.isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function numberText(value: unknown): string {
  if (value instanceof NumberText) return ` ${value.text}`;
  return typeof value === 'number' ? ` ${value}` : '';
}
