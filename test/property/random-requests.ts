/** Random requests to an API: writes of every sort to a few names of many kinds, and reads between them. */
import type { Prng } from '../../src/lib/prng.ts';
import { kinds } from '../../src/schema/kinds.ts';
import { structType } from '../../src/schema/struct-type.ts';
import { weightedKinds, type FuzzKind } from './fuzz-kinds.ts';
import { chance, edit, jsonText, pick, RawJson, valueOf } from './random-values.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const names = ['n0', 'n1', 'n1', 'Bad_Name', '%2e%2e', '%zz', '__proto__'];
const writeQueries = ['dryRun=All', 'dryRun=All', 'dryRun=x', 'fieldValidation=Ignore', 'fieldValidation=Warn', 'fieldValidation=Strict', 'fieldValidation=', 'fieldManager=m1',
  'fieldManager=m2', 'fieldManager=bad%2Fmanager', 'force=true', 'force=maybe', 'pretty=true', 'timeout=x', 'gracePeriodSeconds=0', 'propagationPolicy=Orphan', '%zz', '__proto__=1'];
const readQueries = ['labelSelector=a%3Db', 'labelSelector=a%20in%20(', 'fieldSelector=metadata.name%3Dn1', 'fieldSelector=nope%3D1', 'limit=1', 'limit=x', 'continue=x', 'continue=e30',
  'resourceVersion=0', 'resourceVersion=1', 'resourceVersion=x', 'resourceVersion=99999999', 'resourceVersionMatch=Exact', 'resourceVersionMatch=NotOlderThan', 'includeObject=Object', 'sendInitialEvents=true'];
const accepts = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'application/json;as=Table;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'text/html', '*/*', ';;', 'application/json;as=Nope'];
const contentTypes = [undefined, 'application/json', 'application/json; charset=utf-8', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', 'application/cbor', '', ';', 'application/__proto__'];
const brokenBodies = ['', '{', '[]', 'null', '"x"', 'a: b: c', '\u{feff}{}', '\0', '{"a":}', '1e400', '[1,2', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, '- a\n- b', '&a [*a]', '{"metadata":[]}', '!!binary x'];
const patchTypes = ['application/strategic-merge-patch+json', 'application/merge-patch+json', 'application/json-patch+json', 'application/apply-patch+yaml'] as const;

const queryOf = (random: Prng, choices: readonly string[], always: readonly string[] = []): string => {
  const parts = [...always, ...Array.from({ length: Math.max(0, random.below(5) - 3 + random.below(2)) }, () => pick(random, choices))];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
};

/** Reads what a path holds now. */
type Read = (path: string) => Record<string, unknown> | undefined;

/** The request that `random` stands for. */
export function randomRequest(random: Prng, read: Read): FuzzRequest {
  const kind = pick(random, weightedKinds);
  const name = pick(random, chance(random, 0.95) ? names.slice(0, 2) : names);
  const at: Place = {
    kind, path: `${kind.path}/${name}`, name,
    below: kind.subresources.length > 0 && chance(random, 0.3) ? `/${pick(random, kind.subresources)}` : '',
    accept: chance(random, 0.2) ? pick(random, accepts) : undefined,
  };
  if (kind.onlyCreates) return create(random, at);
  const way = random.below(12);
  if (way < 4) return create(random, at);
  if (way < 6) return replace(random, at, read);
  if (way < 10) return patch(random, at);
  return way === 10 ? remove(random, at) : get(random, at);
}

interface Place {
  readonly kind: FuzzKind;
  readonly path: string;
  readonly name: string;
  /** `/status`, or empty. */
  readonly below: string;
  readonly accept: string | undefined;
}

const bodyText = (random: Prng, body: unknown): string => (chance(random, 0.04) ? pick(random, brokenBodies) : jsonText(body));
const headers = (random: Prng, { accept }: Place, contentType: string): FuzzRequest['headers'] =>
  ({ accept, 'content-type': chance(random, 0.05) ? pick(random, contentTypes) : contentType });

function create(random: Prng, at: Place): FuzzRequest {
  const path = at.below !== '' && chance(random, 0.3) ? at.path + at.below : at.kind.path;
  return { method: 'POST', path: path + queryOf(random, writeQueries), body: bodyText(random, fresh(random, at)), headers: headers(random, at, 'application/json') };
}

function replace(random: Prng, at: Place, read: Read): FuzzRequest {
  const body = edited(random, at.kind, read(at.path + (at.below === '/scale' ? at.below : '')) ?? fresh(random, at));
  return { method: 'PUT', path: at.path + at.below + queryOf(random, writeQueries), body: bodyText(random, body), headers: headers(random, at, 'application/json') };
}

function patch(random: Prng, at: Place): FuzzRequest {
  const type = pick(random, patchTypes);
  const always = type === 'application/apply-patch+yaml' ? [`fieldManager=${pick(random, ['m1', 'm2', 'kubectl'])}`] : [];
  const body = bodyText(random, patchBody(random, at, type));
  return { method: 'PATCH', path: at.path + at.below + queryOf(random, writeQueries, always), body, headers: headers(random, at, type) };
}

function remove(random: Prng, at: Place): FuzzRequest {
  const path = chance(random, 0.1) ? at.kind.path : at.path + (chance(random, 0.05) ? at.below : '');
  const body = chance(random, 0.4) ? bodyText(random, valueOf(random, { kind: 'struct', struct: deleteOptions }, 3)) : '';
  return { method: 'DELETE', path: path + queryOf(random, writeQueries), body, headers: headers(random, at, 'application/json') };
}

const get = (random: Prng, { kind, path, below, accept }: Place): FuzzRequest =>
  ({ method: 'GET', path: (chance(random, 0.5) ? kind.path : path + below) + queryOf(random, readQueries), headers: { accept } });

const deleteOptions = structType(kinds.get('v1/DeleteOptions')!);
const scale = structType(kinds.get('autoscaling/v1/Scale')!);

function fresh(random: Prng, { kind, name, below }: Place): Record<string, unknown> {
  if (below === '/scale') {
    const object = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name }, spec: { replicas: random.below(4) } };
    return edited(random, { ...kind, type: scale }, object);
  }
  return edited(random, kind, { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name }, ...structuredClone(kind.body) });
}

function edited(random: Prng, { type }: FuzzKind, object: Record<string, unknown>): Record<string, unknown> {
  for (let i = random.below(3); i > 0; i--) edit(random, type, object);
  return object;
}

function patchBody(random: Prng, at: Place, type: (typeof patchTypes)[number]): unknown {
  if (type === 'application/json-patch+json') return Array.from({ length: random.below(4) }, () => jsonPatchStep(random, at.kind));
  if (type === 'application/apply-patch+yaml' && chance(random, 0.8)) return fresh(random, at);
  const members = {};
  for (let i = 1 + random.below(3); i > 0; i--) edit(random, at.below === '/scale' ? scale : at.kind.type, members);
  return members;
}

function jsonPatchStep(random: Prng, kind: FuzzKind): unknown {
  const scratch = {};
  const path = edit(random, kind.type, scratch);
  const text = () => pick(random, [`/${path.join('/')}`, `/${path.join('/')}`, `/${path.join('/')}/-`, '', '/', '/metadata/labels/a', '/metadata/labels/__proto__', '/__proto__/x', '/metadata/finalizers/-1', '/spec', '/~2']);
  const value = path.reduce<unknown>((at, name) => (typeof at === 'object' && at !== null && !(at instanceof RawJson) ? (at as Record<string, unknown>)[name] : at), scratch);
  return { op: pick(random, ['add', 'add', 'replace', 'remove', 'test', 'move', 'copy', 'nope']), path: text(), from: text(), value };
}
