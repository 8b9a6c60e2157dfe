/**
 * JSON Patch as evanphx/json-patch v4 applies it, quirks included: `replace` adds a missing member, `test` takes a
 * missing member for null, an index counts from the end when negative, a path without its leading slash loses its first
 * segment, an `add` without a value stores null. Scalars are compared by their JSON text, so `1.0` is not `1`. Objects that
 * it had to look into come out with sorted members, which shows where a refusal quotes the result.
 *
 * Texts are the library's; what of them a client gets to see is decided in `patch.ts`.
 */
import { copy, isObject, setMember } from '../../lib/json.ts';
import { goJson } from '../../lib/go-format.ts';

/** `decode`: the body is no patch. `apply`: the patch does not fit the document. */
export class JsonPatchError extends Error {
  readonly stage: 'decode' | 'apply';
  constructor(stage: 'decode' | 'apply', message: string) {
    super(message);
    this.stage = stage;
  }
}

type Operation = Readonly<Record<string, unknown>>;
type Container = Record<string, unknown> | unknown[];

/** The document while it is patched. */
interface Document {
  root: Container;
  /** The containers that operations went through. */
  readonly opened: Set<Container>;
}

/** A scalar of the patch whose text is not the one that Go's encoder would write for it. */
class Literal {
  readonly text: string;
  readonly value: unknown;
  constructor(text: string) {
    this.text = text;
    this.value = JSON.parse(text);
  }
}

/**
 * Applies the patch `text`, whose parsed form is `body`, to `document` and returns a fresh document.
 * Throws JsonPatchError.
 */
export function applyJsonPatch(document: unknown, text: string, body: unknown): unknown {
  const literals: Literal[] = [];
  const operations = decodeOperations(withLiterals(text, body, literals));
  const root = copy(document) as Container;
  const target: Document = { root, opened: new Set([root]) };
  for (const operation of operations) applyOperation(target, operation);
  for (const container of target.opened) sortMembers(container);
  return literals.length > 0 ? withoutLiterals(target.root) : target.root;
}

/** Puts the members of an object in order, in place. */
function sortMembers(container: Container): void {
  if (Array.isArray(container)) return;
  for (const name of Object.keys(container).sort()) {
    const value = container[name];
    delete container[name];
    setMember(container, name, value);
  }
}

function decodeOperations(body: unknown): Operation[] {
  if (body === null) return [];
  if (!Array.isArray(body)) throw new JsonPatchError('decode', cannotDecode(body, 'jsonpatch.Patch'));
  return body.map((operation: unknown) => {
    if (operation === null) return {};
    if (!isObject(operation) || operation instanceof Literal) throw new JsonPatchError('decode', cannotDecode(operation, 'jsonpatch.Operation'));
    return operation;
  });
}

/** The text of encoding/json for a value of the wrong type. */
export function cannotDecode(value: unknown, goType: string): string {
  const plain = value instanceof Literal ? value.value : value;
  const kind = Array.isArray(plain) ? 'array' : typeof plain === 'boolean' ? 'bool' : typeof plain;
  return `json: cannot unmarshal ${kind} into Go value of type ${goType}`;
}

/** A string or number, with the colon after it when it is a member's name. */
const scalarToken = /("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)(\s*:)?/g;
const literalMember = '\u0000literal';

/** The patch with the scalars of unusual spelling kept as Literals; `body` itself when there are none. */
function withLiterals(text: string, body: unknown, literals: Literal[]): unknown {
  const marked = text.replace(scalarToken, (match, token: string, colon: string | undefined) => {
    if (colon !== undefined || isCanonical(token)) return match;
    literals.push(new Literal(token));
    return `{${JSON.stringify(literalMember)}:${literals.length - 1}}`;
  });
  if (literals.length === 0) return body;
  return JSON.parse(marked, (_, value: unknown) => {
    const at = isObject(value) ? value[literalMember] : undefined;
    return typeof at === 'number' ? literals[at] ?? value : value;
  });
}

function isCanonical(token: string): boolean {
  return token.startsWith('"') ? !/[\\<>&\u2028\u2029]/.test(token) || goJson(JSON.parse(token)) === token : String(Number(token)) === token;
}

function withoutLiterals(value: unknown): unknown {
  if (value instanceof Literal) return value.value;
  if (Array.isArray(value)) return value.map(withoutLiterals);
  if (isObject(value)) for (const name of Object.keys(value)) setMember(value, name, withoutLiterals(value[name]));
  return value;
}

function applyOperation(document: Document, operation: Operation): void {
  const kind = plain(operation['op']);
  switch (kind) {
    case 'add': return add(document, operation);
    case 'remove': return remove(document, operation);
    case 'replace': return replace(document, operation);
    case 'move': return move(document, operation);
    case 'copy': return copyValue(document, operation);
    case 'test': return test(document, operation);
    default: throw failure(`Unexpected kind: ${typeof kind === 'string' ? kind : 'unknown'}`);
  }
}

function add(document: Document, operation: Operation): void {
  const path = pointer(operation, 'path', () => 'add operation failed to decode path: missing value');
  const target = find(document, path) ?? fail(`add operation does not apply: doc is missing path: "${path}": missing value`);
  insert(target, copyOf(valueOf(operation)), `error in add for path: '${path}'`);
}

function remove(document: Document, operation: Operation): void {
  const path = pointer(operation, 'path', () => 'remove operation failed to decode path: missing value');
  const target = find(document, path) ?? fail(`remove operation does not apply: doc is missing path: "${path}": missing value`);
  take(target, `error in remove for path: '${path}'`);
}

function replace(document: Document, operation: Operation): void {
  const path = pointer(operation, 'path', (why) => `replace operation failed to decode path: ${why}`);
  const value = copyOf(valueOf(operation));
  if (path === '') {
    document.root = isContainer(value) ? value : fail('replace operation value must be object or array: %!w(<nil>)');
    return;
  }
  const target = find(document, path) ?? fail(`replace operation does not apply: doc is missing path: ${path}: missing value`);
  const { container, name } = target;
  if (!Array.isArray(container)) setMember(container, name, value);
  else container[indexOf(container, name, () => `replace operation does not apply: doc is missing key: ${path}: missing value`)] = value;
}

function move(document: Document, operation: Operation): void {
  const from = pointer(operation, 'from', (why) => `move operation failed to decode from: ${why}`);
  const source = find(document, from) ?? fail(`move operation does not apply: doc is missing from path: ${from}: missing value`);
  const value = take(source, `error in move for path: '${source.name}'`);
  const path = pointer(operation, 'path', (why) => `move operation failed to decode path: ${why}`);
  const target = find(document, path) ?? fail(`move operation does not apply: doc is missing destination path: ${path}: missing value`);
  insert(target, value, `error in move for path: '${path}'`);
}

function copyValue(document: Document, operation: Operation): void {
  const from = pointer(operation, 'from', (why) => `copy operation failed to decode from: ${why}`);
  const source = find(document, from) ?? fail(`copy operation does not apply: doc is missing from path: ${from}: missing value`);
  const value = read(source, `error in copy for from: '${from}'`);
  const path = pointer(operation, 'path', () => 'copy operation failed to decode path: missing value');
  const target = find(document, path) ?? fail(`copy operation does not apply: doc is missing destination path: ${path}: missing value`);
  insert(target, copyOf(value), 'error while adding value during copy');
}

function test(document: Document, operation: Operation): void {
  const path = pointer(operation, 'path', (why) => `test operation failed to decode path: ${why}`);
  const target = path === '' ? undefined : find(document, path) ?? fail(`test operation does not apply: is missing path: ${path}: missing value`);
  const value = target === undefined ? document.root : read(target, `error in test for path: '${path}'`);
  if (!sameText(value, valueOf(operation))) throw failure(`testing value ${path} failed: test failed`);
}

function sameText(a: unknown, b: unknown): boolean {
  if (!isContainer(a) || !isContainer(b)) return !isContainer(a) && !isContainer(b) && textOf(a) === textOf(b);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameText(item, b[i]));
  if (Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameText(a[name], b[name]));
}

const textOf = (scalar: unknown) => (scalar instanceof Literal ? scalar.text : goJson(scalar));
const plain = (value: unknown) => (value instanceof Literal ? value.value : value);
const copyOf = (value: unknown): unknown => {
  if (!isContainer(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) setMember(result, name, copyOf(value[name]));
  return result;
};
const valueOf = (operation: Operation) => (operation['value'] === undefined ? null : operation['value']);
const isContainer = (value: unknown): value is Container => value !== null && typeof value === 'object' && !(value instanceof Literal);

interface Target {
  readonly container: Container;
  readonly name: string;
}

/** The container that holds the last segment of `path`; undefined when the way there is missing. */
function find({ root, opened }: Document, path: string): Target | undefined {
  const segments = path.split('/').map(unescapeSegment);
  const name = segments.pop()!;
  if (segments.length === 0) return undefined;
  let container = root;
  for (const segment of segments.slice(1)) {
    const next = childOf(container, segment);
    if (!isContainer(next)) return undefined;
    container = next;
    opened.add(container);
  }
  return { container, name };
}

function childOf(container: Container, name: string): unknown {
  if (!Array.isArray(container)) return Object.hasOwn(container, name) ? container[name] : undefined;
  const at = arrayIndex(name, container.length);
  return typeof at === 'number' ? container[at] : undefined;
}

const unescapeSegment = (segment: string) => segment.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~'));

/** A pointer member of the operation; `failed` words what is wrong with it. */
function pointer(operation: Operation, name: 'path' | 'from', failed: (why: string) => string): string {
  const value = plain(operation[name]);
  if (typeof value === 'string') return value;
  if (value !== undefined && value !== null) throw failure(failed(cannotDecode(value, 'string')));
  throw failure(failed(name === 'path' ? 'operation missing path field: missing value' : 'operation, missing from field: missing value'));
}

function insert({ container, name }: Target, value: unknown, context: string): void {
  if (!Array.isArray(container)) return setMember(container, name, value);
  if (name === '-') return void container.push(value);
  const at = arrayIndex(name, container.length + 1);
  if (typeof at === 'string') throw failure(`${context}: ${at.startsWith('strconv') ? `value was not a proper array index: '${name}': ${at}` : at}`);
  container.splice(at, 0, value);
}

function take(target: Target, context: string): unknown {
  const { container, name } = target;
  if (Array.isArray(container)) return container.splice(indexOf(container, name, (why) => `${context}: ${why}`), 1)[0];
  if (!Object.hasOwn(container, name)) throw failure(`${context}: Unable to remove nonexistent key: ${name}: missing value`);
  const value = container[name];
  delete container[name];
  return value;
}

function read({ container, name }: Target, context: string): unknown {
  if (Array.isArray(container)) return container[indexOf(container, name, (why) => `${context}: ${why}`)];
  return Object.hasOwn(container, name) ? container[name] : null;
}

function indexOf(container: readonly unknown[], name: string, failed: (why: string) => string): number {
  const at = arrayIndex(name, container.length);
  return typeof at === 'number' ? at : fail(failed(at));
}

/** The index that `name` means in a list of `length` items, or Go's text for why it means none. */
function arrayIndex(name: string, length: number): number | string {
  if (!/^[+-]?\d+$/.test(name)) return `strconv.Atoi: parsing ${JSON.stringify(name)}: invalid syntax`;
  const at = Number(name);
  if (at >= length || at < -length) return `Unable to access invalid index: ${at}: invalid index referenced`;
  return at < 0 ? at + length : at;
}

const failure = (message: string) => new JsonPatchError('apply', message);
const fail = (message: string): never => {
  throw failure(message);
};
