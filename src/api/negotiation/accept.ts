/**
 * Which representation a client gets: the router's own look at Accept (go-restful, exact types only), then apiserver's
 * negotiation with q-values and `as=` transforms (endpoints/handlers/negotiation/negotiate.go).
 */
import { notAcceptable, ApiError } from '../errors.ts';
import { mediaTypes, type Encoding } from '../codec/media-types.ts';
import type { Query } from '../query.ts';

export type Transform = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** How an answer is written. */
export interface Representation {
  readonly encoding: Encoding;
  readonly pretty: boolean;
  readonly transform: Transform | undefined;
  /** Version of `meta.k8s.io` that the transform was asked in. */
  readonly transformVersion: string;
}

export interface AcceptRules {
  /** Built-in resources answer in protobuf, custom ones do not. */
  readonly protobuf: boolean;
  readonly transforms: boolean;
  /** Whether Tables are among the transforms. */
  readonly tables?: boolean;
  /** Only encodings that can be streamed. */
  readonly stream?: boolean;
}

interface Clause {
  readonly type: string;
  readonly subtype: string;
  readonly params: ReadonlyMap<string, string>;
  readonly q: number;
}

/** Clients send the same few headers again and again. */
const parsed = new Map<string, readonly Clause[]>();
const parsedMax = 256;

function clausesOf(header: string): readonly Clause[] {
  let clauses = parsed.get(header);
  if (!clauses) {
    clauses = parseAccept(header);
    if (parsed.size >= parsedMax) parsed.clear();
    parsed.set(header, clauses);
  }
  return clauses;
}

function parseAccept(header: string): Clause[] {
  const clauses = header.split(',').map((part): Clause => {
    const [range = '', ...rest] = part.split(';');
    const [type = '', subtype = ''] = range.trim().split('/');
    const params = new Map<string, string>();
    let q = 1;
    for (const param of rest) {
      const [name = '', value = ''] = param.split('=', 2).map((text) => text.trim());
      if (name === 'q') q = Number.parseFloat(value) || 0;
      else if (name !== '') params.set(name, value);
    }
    return { type, subtype: type === '*' && subtype === '' ? '*' : subtype, params, q };
  });
  const specific = ({ type, subtype }: Clause) => Number(type !== '*') + Number(subtype !== '*');
  return clauses.toSorted((a, b) => b.q - a.q || specific(b) - specific(a));
}

const encodings: readonly Encoding[] = ['json', 'yaml', 'protobuf'];

/** Chooses a representation, or answers undefined when no clause fits. */
function choose(header: string, rules: AcceptRules): Omit<Representation, 'pretty'> & { pretty: boolean } | undefined {
  if (header === '') return { encoding: 'json', pretty: false, transform: undefined, transformVersion: '' };
  for (const { type, subtype, params } of clausesOf(header)) {
    for (const encoding of encodings) {
      const [offeredType, offeredSubtype] = mediaTypes[encoding].split('/');
      if (!(type === '*' && subtype === '*') && !(type === offeredType && (subtype === '*' || subtype === offeredSubtype))) continue;
      const accepted = acceptParams(params, encoding, rules);
      if (accepted) return { encoding, ...accepted };
    }
  }
  return undefined;
}

function acceptParams(params: ReadonlyMap<string, string>, encoding: Encoding, rules: AcceptRules) {
  if (params.get('sv')) return undefined;
  const stream = params.get('stream');
  if (stream && (stream !== 'watch' || encoding === 'yaml')) return undefined;
  const pretty = params.get('pretty') === '1';
  const [as, group, version] = [params.get('as'), params.get('g'), params.get('v')];
  if (as === undefined && group === undefined && version === undefined) {
    return encoding === 'protobuf' && !rules.protobuf ? undefined : { pretty, transform: undefined, transformVersion: '' };
  }
  if (!rules.transforms || group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') return undefined;
  if (as === 'Table' && (!rules.tables || encoding === 'protobuf')) return undefined;
  return { pretty, transform: as as Transform, transformVersion: version };
}

const supported = [mediaTypes.json, mediaTypes.yaml, mediaTypes.protobuf];
const streaming = [`${mediaTypes.json};stream=watch`, `${mediaTypes.protobuf};stream=watch`];

/** The representation of an answer. Throws 406. */
export function negotiate(headers: Readonly<Record<string, string | undefined>>, query: Query, rules: AcceptRules): Representation {
  const chosen = choose(headers['accept'] ?? '', rules);
  if (!chosen) throw only(supported);
  if (rules.stream && chosen.encoding === 'yaml') throw only(streaming);
  return { ...chosen, pretty: chosen.encoding === 'json' && (chosen.pretty || prettyAsked(headers, query)) };
}

/** The representation of an error: whatever the client accepts, indented JSON when nothing fits (upstream WriteRawJSON). */
export function negotiateError(headers: Readonly<Record<string, string | undefined>>, query: Query): Representation {
  const chosen = choose(headers['accept'] ?? '', { protobuf: true, transforms: false })
    ?? { encoding: 'json' as const, pretty: true, transform: undefined, transformVersion: '' };
  return { ...chosen, pretty: chosen.encoding === 'json' && (chosen.pretty || prettyAsked(headers, query)) };
}

const only = (types: readonly string[]): ApiError => notAcceptable(`only the following media types are accepted: ${types.join(', ')}`);

/** Go's true, or a client that a human looks at. */
function prettyAsked(headers: Readonly<Record<string, string | undefined>>, query: Query): boolean {
  const value = query.text('pretty');
  if (value !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

/**
 * The router's check, which knows no q-values, no wildcards but the full one, and one spelling. Throws its own 406, which is
 * always JSON.
 */
export function checkRoute(accept: string | undefined, list: boolean, more: readonly string[] = []): void {
  if (!accept) return;
  const produced = [...more, ...supported, ...(list ? streaming : [])];
  for (const part of accept.split(',')) {
    const type = part.split(';', 1)[0]!.trim();
    if (type === '*/*' || produced.some((one) => one === type)) return;
  }
  throw new RouterError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${produced.join(', ')}`);
}

/** A refusal by the router, before any negotiation: JSON whatever the client accepts. */
export class RouterError extends ApiError {
  constructor(code: number, reason: string, message: string) {
    super({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details: {}, code });
  }
}
