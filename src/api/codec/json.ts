/** JSON texts as objects: `JSON.parse` where it keeps all that matters, Go's way of reading where it does not. */
import { isObject, type Json } from '../../lib/json.ts';
import type { StructType } from '../../schema/struct-type.ts';
import { DecodeError } from './decode-error.ts';
import { decodeObject, type Decoded } from './decode.ts';
import { scanJson, type Scan } from './json-scan.ts';
import { parseTree } from './json-tree.ts';
import { Reading } from './reading.ts';
import { readUnstructured, readUntyped } from './untyped.ts';

/** JSON text that was parsed once. */
export interface JsonSource {
  readonly text: string;
  /** The plain value; the last of repeated members counts. */
  readonly value: unknown;
  readonly scan: Scan;
}

/** Parses a body. Throws DecodeError with Go's syntax error. */
export function readJson(text: string): JsonSource {
  const value = parseJson(text);
  const scan = scanJson(text);
  if (scan.deep) parseTree(text);
  return { text, value, scan };
}

/** Any JSON value. Throws DecodeError with Go's syntax error. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return readUntyped(parseTree(text), new Reading(false)) as Json;
  }
}

/** JSON text in which escapes of half a character stand for U+FFFD, as Go reads them. */
export function wholeCharacters(text: string): string {
  if (!/\\u[dD][89a-fA-F]/.test(text)) return text;
  const escape = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|[^])/g;
  return text.replace(escape, (match, half: string | undefined) => (half === undefined ? match : '\\ufffd'));
}

/**
 * Decodes a body as a built-in type, or as a custom resource when there is none. The plain value is tried first. That
 * answer counts only if it is flawless and the text holds no more members than were read: otherwise something is repeated,
 * unknown or oddly spelled, and the tree tells. Throws DecodeError.
 */
export function decodeJson(type: StructType | undefined, { text, value, scan }: JsonSource, strict: boolean): Decoded {
  if (!scan.lossy && !scan.deep) {
    const decoded = decodePlain(type, value, strict);
    if (decoded?.members === scan.members && decoded.strictErrors.length === 0) return decoded;
  }
  return decodeTree(type, parseTree(text), strict);
}

function decodePlain(type: StructType | undefined, value: unknown, strict: boolean): Decoded | undefined {
  try {
    return decodeTree(type, value, strict);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Decodes a tree (or a plain JSON value). Custom resources keep all members; repeated ones are strict errors. */
export function decodeTree(type: StructType | undefined, tree: unknown, strict: boolean): Decoded {
  if (type) return decodeObject(type, tree, strict);
  const reading = new Reading(strict);
  const value = readUnstructured(tree, reading);
  return { object: isObject(value) ? value : {}, strictErrors: reading.finish(), members: reading.members };
}
