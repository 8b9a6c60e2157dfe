/**
 * YAML as sigs.k8s.io/yaml turns it into JSON: the first document, keys sorted, merge keys spread. Keys that are set twice
 * are reported in go-yaml's words; the last one counts.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Pair, type ParsedNode, type YAMLError } from 'yaml';
import { quote } from '../../lib/go-format.ts';
import { DecodeError } from './decode-error.ts';
import { NumberText, setOwn } from './json-tree.ts';
import { resolveScalar } from './yaml-scalar.ts';

export interface YamlTree {
  /** Like the result of `parseTree`, without repeated members. */
  readonly tree: unknown;
  /** `line 4: key "image" already set in map`. */
  readonly duplicates: readonly string[];
}

const aliasDepthMax = 100;

/** Reads YAML text. Throws DecodeError: `yaml: line 2: …`. */
export function parseYamlTree(text: string): YamlTree {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { schema: 'failsafe', uniqueKeys: false, merge: false, lineCounter: lines, prettyErrors: false });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (!document) return { tree: null, duplicates: [] };
  if (document.errors.length > 0) throw new DecodeError(syntaxError(document.errors, lines));
  const reader = new YamlReader(document, lines, text);
  return { tree: reader.value(document.contents as ParsedNode | null, 0), duplicates: reader.duplicates };
}

class YamlReader {
  readonly duplicates: string[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;

  constructor(document: Document, lines: LineCounter, text: string) {
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  value(node: ParsedNode | null, depth: number): unknown {
    if (depth > aliasDepthMax * 100) throw new DecodeError('yaml: exceeded max depth');
    if (isAlias(node)) {
      const target = node.resolve(this.#document) as ParsedNode | undefined;
      if (!target) throw new DecodeError(`yaml: unknown anchor '${node.source}' referenced`);
      if (depth > aliasDepthMax) throw new DecodeError('yaml: document contains excessive aliasing');
      return this.value(target, depth + 1);
    }
    if (isSeq(node)) return node.items.map((item) => this.value(item as ParsedNode, depth + 1));
    if (isMap(node)) return this.#map(node.items as Pair<ParsedNode, ParsedNode | null>[], depth);
    return isScalar(node) ? this.#scalar(node) : null;
  }

  /** go-yaml knows no halves of characters, not even in pairs; the characters themselves are fine. */
  #refuseSurrogates([from, to]: readonly [number, number, number]): void {
    const escape = /\\(?:\\|u(?<half>[dD][89a-fA-F]))/g;
    for (const match of this.#text.slice(from, to).matchAll(escape)) {
      if (!match.groups?.['half']) continue;
      const { line } = this.#lines.linePos(from + match.index);
      throw new DecodeError(`yaml: ${line > 1 ? `line ${line}: ` : ''}found invalid Unicode character escape code`);
    }
  }

  #scalar(node: { value: unknown; type?: unknown; tag?: string | undefined; range?: readonly [number, number, number] | null }): unknown {
    const text = String(node.value ?? '');
    if (node.type === 'QUOTE_DOUBLE' && /[\ud800-\udfff]/.test(text)) this.#refuseSurrogates(node.range!);
    if (node.type !== 'PLAIN' || node.tag?.endsWith(':str')) return text;
    const value = resolveScalar(text);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new DecodeError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
    }
    return typeof value === 'bigint' ? new NumberText(String(value)) : value;
  }

  #map(pairs: readonly Pair<ParsedNode, ParsedNode | null>[], depth: number): unknown {
    const members = new Map<string, unknown>();
    const explicit = new Set<string>();
    for (const { key, value } of pairs) {
      if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') {
        this.#merge(members, explicit, value, depth);
        continue;
      }
      const name = keyText(isScalar(key) ? this.#scalar(key) : this.value(key, depth + 1));
      if (members.has(name)) this.#duplicate(name, value ?? key);
      explicit.add(name);
      members.set(name, this.value(value, depth + 1));
    }
    const result: Record<string, unknown> = {};
    for (const name of [...members.keys()].sort()) setOwn(result, name, members.get(name));
    return result;
  }

  /** `<<: *anchor`: members that the map does not set itself. */
  #merge(members: Map<string, unknown>, explicit: ReadonlySet<string>, value: ParsedNode | null, depth: number): void {
    const merged = this.value(value, depth + 1);
    for (const source of Array.isArray(merged) ? merged.toReversed() : [merged]) {
      if (source === null || typeof source !== 'object' || Array.isArray(source)) {
        throw new DecodeError('yaml: map merge requires map or sequence of maps as the value');
      }
      for (const [name, member] of Object.entries(source)) if (!explicit.has(name)) members.set(name, member);
    }
  }

  #duplicate(name: string, node: ParsedNode): void {
    this.duplicates.push(`line ${this.#lines.linePos(node.range[0]).line}: key ${quote(name)} already set in map`);
  }
}

function keyText(key: unknown): string {
  if (key === null || typeof key === 'object' && !(key instanceof NumberText)) throw new DecodeError('yaml: invalid map key');
  return key instanceof NumberText ? key.text : String(key);
}

/** A key that runs over lines is noticed by Go where the key ends. */
function syntaxError(errors: readonly YAMLError[], lines: LineCounter): string {
  const error = errors.find(({ code }) => code === 'MULTILINE_IMPLICIT_KEY') ?? errors[0]!;
  const at = error.pos[error.code === 'MULTILINE_IMPLICIT_KEY' ? 1 : 0];
  const { line } = lines.linePos(at);
  // Go counts lines from zero and does not print that.
  return `yaml: ${line > 1 ? `line ${line}: ` : ''}${goText(error)}`;
}

/** The parser's complaint in go-yaml's words. */
function goText(error: YAMLError): string {
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY': case 'MULTILINE_IMPLICIT_KEY': return 'mapping values are not allowed in this context';
    case 'TAB_AS_INDENT': return 'found character that cannot start any token';
    case 'BAD_INDENT': return "did not find expected '-' indicator";
    case 'MISSING_CHAR': return error.message.includes('quote') ? 'found unexpected end of stream' : "did not find expected ',' or '}'";
    case 'BAD_DQ_ESCAPE': return 'found unknown escape character';
    case 'BAD_ALIAS': return 'did not find expected alphabetic or numeric character';
    default: return "could not find expected ':'";
  }
}
