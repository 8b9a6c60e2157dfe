/** URLs in rules (apiserver/pkg/cel/library/urls.go): absolute ones, or absolute paths. */
import { noOverload, text, type CelFunction, type CelObject } from './arguments.ts';
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

  equals(other: unknown): boolean {
    return other instanceof UrlValue && this.text === other.text;
  }

  toString(): string {
    return this.text;
  }
}

const isUrl = (value: string): boolean => (value.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value))
  && URL.canParse(value, value.startsWith('/') ? noHost : undefined);

function urlOf(value: string): UrlValue {
  if (!isUrl(value)) throw new EvaluationError(`URL parse error during conversion from string: parse "${value}": invalid URI for request`);
  return new UrlValue(value);
}

const of = (value: unknown): UrlValue => (value instanceof UrlValue ? value : noOverload());
const unlessPath = (read: (url: URL) => string): CelFunction => (value) => (of(value).isPath ? '' : read(of(value).url));

function queryOf(url: URL): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  return query;
}

export const urlFunctions: Readonly<Record<string, CelFunction>> = {
  url: (value) => urlOf(text(value)),
  isURL: (value) => isUrl(text(value)),
  getScheme: unlessPath(({ protocol }) => protocol.slice(0, -1)),
  getHost: unlessPath(({ host }) => host),
  getHostname: unlessPath(({ hostname }) => hostname.replace(/^\[|\]$/g, '')),
  getPort: unlessPath(({ port }) => port),
  getEscapedPath: (value) => of(value).url.pathname,
  getQuery: (value) => queryOf(of(value).url),
};
