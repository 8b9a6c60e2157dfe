/** URLs in rules (apiserver/pkg/cel/library/urls.go): absolute ones, or absolute paths. */
import { quote } from '../../../lib/go-format.ts';
import { instanceOf, text } from '../arguments.ts';
import { oneUnit, sameSize, traversal } from '../cost.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { overloads, type CelFunction, type FunctionTable } from '../signatures.ts';
import { ObjectValue, PlainList, PlainMap, type Value } from '../values.ts';

/** A text in the parts that Go's net/url takes it apart into. */
class UrlValue extends ObjectValue {
  readonly typeName = 'kubernetes.URL';
  readonly text: string;
  readonly scheme: string;
  /** With its port, without the user. */
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(text: string) {
    super();
    const [, scheme = '', authority = '', path = '', query = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/.exec(text)!;
    this.text = text;
    this.scheme = scheme.toLowerCase();
    this.host = decoded(authority.replace(/^.*@/, '')) ?? '';
    this.path = path;
    this.query = query;
  }

  get port(): string {
    return /:(\d*)$/.exec(this.host.slice(this.host.lastIndexOf(']') + 1))?.[1] ?? '';
  }

  get hostname(): string {
    return this.host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  }

  /** As it was written where that is right, else as Go would write it. */
  get escapedPath(): string {
    return this.path.replace(/[^\w\-.~$&+,/:;=@!'()*%[\]]/gu, (char) => encodeURIComponent(char));
  }

  get parameters(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const pair of this.query.split('&')) {
      if (pair === '' || pair.includes(';')) continue;
      const at = pair.indexOf('=');
      const [name, value] = (at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]).map((part) => decoded(part.replaceAll('+', ' ')));
      if (name !== undefined && value !== undefined) found.set(name, [...found.get(name) ?? [], value]);
    }
    return found;
  }

  equals(other: Value): boolean {
    return other instanceof UrlValue && this.text === other.text;
  }
}

/** Undefined for what has a broken escape. */
function decoded(text: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  const parts = [...text.matchAll(/%(..)|[^%]+/g)].map(([plain, code]) => (code === undefined ? Buffer.from(plain) : Buffer.from(code, 'hex')));
  return Buffer.concat(parts).toString();
}

/** Why Go's ParseRequestURI would not read a text; undefined when it would. */
export function urlFault(value: string): string | undefined {
  const fault = faultOf(value);
  return fault && `parse ${quote(value)}: ${fault}`;
}

function faultOf(value: string): string | undefined {
  if (value === '') return 'empty url';
  if (value === '*') return undefined;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(value)?.[0] ?? '';
  if (scheme === '' && !value.startsWith('/')) return 'invalid URI for request';
  const [rest = ''] = value.slice(scheme.length).split('?', 1);
  const authority = scheme === '' ? '' : /^\/\/([^/]*)/.exec(rest)?.[1] ?? '';
  return hostFault(authority.replace(/^.*@/, '')) ?? escapeFault(rest, /%(?![0-9a-fA-F]{2}).{0,2}/);
}

function hostFault(host: string): string | undefined {
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host";
  const port = host.startsWith('[') ? host.slice(host.lastIndexOf(']') + 1) : /:[^:]*$/.exec(host)?.[0] ?? '';
  if (!/^(:\d*)?$/.test(port)) return `invalid port ${quote(port)} after host`;
  const odd = /[ #^`{|}\\]/.exec(host)?.[0];
  // A host may have escapes of what is not ASCII only.
  return escapeFault(host, /%(?!25|[89a-fA-F][0-9a-fA-F]).{0,2}/) ?? (odd && `invalid character ${quote(odd)} in host name`);
}

function escapeFault(value: string, pattern: RegExp): string | undefined {
  const escape = pattern.exec(value)?.[0];
  return escape && `invalid URL escape ${quote(escape)}`;
}

function urlOf(value: string): UrlValue {
  const fault = urlFault(value);
  if (fault !== undefined) throw new EvaluationError(`URL parse error during conversion from string: ${fault}`);
  return new UrlValue(value);
}

const of = instanceOf(UrlValue);
const part = (read: (url: UrlValue) => string): CelFunction => overloads(['url.() -> string', (value) => read(of(value)), oneUnit]);
const queryOf = ({ parameters }: UrlValue): PlainMap => new PlainMap([...parameters].map(([name, values]) => [name, new PlainList(values)]));

export const urlFunctions: FunctionTable = {
  url: overloads(['(string) -> url', (value) => urlOf(text(value)), traversal(0, 1, sameSize)]),
  isURL: overloads(['(string) -> bool', (value) => urlFault(text(value)) === undefined]),
  getScheme: part(({ scheme }) => scheme),
  getHost: part(({ host }) => host),
  getHostname: part(({ hostname }) => hostname),
  getPort: part(({ port }) => port),
  getEscapedPath: part(({ escapedPath }) => escapedPath),
  getQuery: overloads(['url.() -> map(string, list(string))', (value) => queryOf(of(value)), oneUnit]),
};
