/**
 * What a path asks for, before anything is known of the resources that are served
 * (apiserver/pkg/endpoints/request/requestinfo.go).
 */

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** Empty when the path names none. */
  readonly namespace: string;
  /** Empty for the discovery document of a group version. */
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource, for `proxy`. */
  readonly rest: readonly string[];
  /** The deprecated `/watch/` form. */
  readonly watch: boolean;
}

/** The parts of a path, percent-decoded as a whole (an encoded slash separates, too). */
export function splitPath(path: string): string[] {
  let decoded = path;
  if (path.includes('%')) {
    try {
      decoded = decodeURIComponent(path);
    } catch {
      // A broken escape stays as it is; no resource has such a name.
    }
  }
  const parts = decoded.split('/');
  if (parts.at(-1) === '') parts.pop();
  if (parts[0] === '') parts.shift();
  return parts;
}

const namespaceSubresources = new Set(['status', 'finalize']);

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for other paths and for the roots above a version. */
export function parseResourcePath(parts: readonly string[]): ResourcePath | undefined {
  let rest: readonly string[];
  let group = '';
  if (parts[0] === 'api' && parts.length >= 2) rest = parts.slice(1);
  else if (parts[0] === 'apis' && parts.length >= 3) {
    group = parts[1]!;
    rest = parts.slice(2);
  } else return undefined;
  const version = rest[0]!;
  rest = rest.slice(1);
  const watch = rest[0] === 'watch';
  if (watch) rest = rest.slice(1);

  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1]!;
    if (rest.length > 2 && !namespaceSubresources.has(rest[2]!)) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  return { group, version, namespace, resource, name, subresource, rest: more, watch };
}
