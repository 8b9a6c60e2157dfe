/** URLs in rules (apiserver/pkg/cel/library/urls.go): absolute ones, or absolute paths. */
import { quote } from '../../lib/go-format.ts';
import { instanceOf, text, type CelFunction, type CelObject } from './arguments.ts';
import { EvaluationError } from './evaluation-error.ts';

const noHost = 'http://none.invalid';

class UrlValue implements CelObject {
  readonly text: string;
  readonly url: URL;
  /** Only a path: no scheme and no host. */
  readonly isPath: boolean;

  constructor(value: string) {
    this.text = value;
    this.isPath = value.startsWith('/');
    this.url = new URL(value, this.isPath ? noHost : undefined);
  }

  /** Go reads a few more. */
  static canHold(value: string): boolean {
    return URL.canParse(value, value.startsWith('/') ? noHost : undefined);
  }

  equals(other: unknown): boolean {
    return other instanceof UrlValue && this.text === other.text;
  }

  toString(): string {
    return this.text;
  }
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
  const fault = urlFault(value) ?? (UrlValue.canHold(value) ? undefined : `parse ${quote(value)}: invalid URI for request`);
  if (fault !== undefined) throw new EvaluationError(`URL parse error during conversion from string: ${fault}`);
  return new UrlValue(value);
}

const of = instanceOf(UrlValue);
const unlessPath = (read: (url: URL) => string): CelFunction => (value) => (of(value).isPath ? '' : read(of(value).url));

function queryOf(url: URL): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  return query;
}

export const urlFunctions: Readonly<Record<string, CelFunction>> = {
  url: (value) => urlOf(text(value)),
  isURL: (value) => urlFault(text(value)) === undefined,
  getScheme: unlessPath(({ protocol }) => protocol.slice(0, -1)),
  getHost: unlessPath(({ host }) => host),
  getHostname: unlessPath(({ hostname }) => hostname.replace(/^\[|\]$/g, '')),
  getPort: unlessPath(({ port }) => port),
  getEscapedPath: (value) => of(value).url.pathname,
  getQuery: (value) => queryOf(of(value).url),
};
