/** Adapter for strategies and validation: creates and updates in an API that holds nothing but the old object. */
import { decodeObject } from '../../src/api/codec/codec.ts';
import { complete } from '../../src/api/decoded-body.ts';
import { ApiError, type StatusCause } from '../../src/api/errors.ts';
import { Registry, storageKey, type ResourceDef } from '../../src/api/registry.ts';
import type { Services } from '../../src/api/services.ts';
import { createTracked } from '../../src/api/verbs/create.ts';
import { update } from '../../src/api/verbs/update.ts';
import { ensureNamespace, type WriteContext } from '../../src/api/verbs/write-context.ts';
import { ManualClock } from '../../src/clock/manual-clock.ts';
import { copy } from '../../src/lib/json.ts';
import { Prng } from '../../src/lib/prng.ts';
import { parseApiVersion, type KubeObject } from '../../src/schema/objects.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { without, type Adapter, type Vector } from './vector.ts';

const namespace = 'd';
const oldRevision = 5;
const subresourceOf: Readonly<Record<string, string>> = { update: '', status: 'status', resize: 'resize', ephemeralcontainers: 'ephemeralcontainers' };

/** What the server chooses by itself on create, and in every write. */
const chosenOnCreate = ['uid', 'creationTimestamp', 'resourceVersion'] as const;

/** The vectors write every generated suffix as `xxxxx`. */
class FixedPrng extends Prng {
  override text(length: number): string {
    return 'x'.repeat(length);
  }
}

export const validation: Adapter = (vector) => {
  const { error, stored } = vector;
  const unordered = vector['unorderedCauses'] === true;
  const got = answer(vector);
  if (stored) return { expected: { stored: withoutVersion(stored as KubeObject) }, got };
  return unordered
    ? { expected: { error: sorted(error as RefusalText) }, got: 'error' in got ? { error: sorted(got.error) } : got }
    : { expected: { error }, got };
};

interface RefusalText {
  readonly message?: string | undefined;
  readonly causes?: readonly StatusCause[] | undefined;
}

function answer(vector: Vector): { stored: KubeObject } | { error: RefusalText } {
  try {
    return { stored: vector['op'] === 'create' ? created(vector) : updated(vector) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message, reason, code, details } = error.status;
    return { error: { message, reason, code, kind: details?.kind, causes: details?.causes } as RefusalText };
  }
}

function created(vector: Vector): KubeObject {
  const { def, object } = decoded(vector['object'] as KubeObject);
  ensureNamespace(object, def, namespace);
  const { metadata, ...rest } = createTracked(servicesWith(), contextOf(withoutBegin(def), '', ''), object).object;
  return { ...rest, metadata: without(metadata, chosenOnCreate) };
}

/** The vectors of creates were recorded from strategies alone, before the storage of Services allocates anything. */
function withoutBegin(def: ResourceDef): ResourceDef {
  const { begin: _, ...strategy } = def.strategy;
  return { ...def, strategy };
}

function updated(vector: Vector): KubeObject {
  const subresource = subresourceOf[vector['op'] as string];
  if (subresource === undefined) throw new Error(`unknown operation ${JSON.stringify(vector['op'])}`);
  const { def, object } = decoded(vector['object'] as KubeObject);
  const old = vector['old'] as KubeObject;
  const services = servicesWith();
  services.store.create(storageKey(def, old.metadata.namespace ?? '', old.metadata.name ?? ''), old);
  object.metadata.name ??= old.metadata.name!;
  object.metadata.uid ??= old.metadata.uid!;
  object.metadata.resourceVersion ??= String(oldRevision);
  const written = update(services, contextOf(def, subresource, old.metadata.name ?? ''), { next: () => copy(object), allowCreate: false });
  return withoutVersion(written.object);
}

function decoded(sent: KubeObject): { def: ResourceDef; object: KubeObject } {
  const { group, version } = parseApiVersion(sent.apiVersion ?? '');
  const def = registry.byKind(group, version, sent.kind ?? '');
  if (!def) throw new Error(`no resource serves ${sent.apiVersion} ${sent.kind}`);
  const object = decodeObject(def.type!, sent, false).object as unknown as KubeObject;
  complete(def, object);
  return { def, object };
}

const registry = new Registry();

/** An empty API without admission, whose next write has the revision of the old object. */
function servicesWith(): Services {
  return {
    store: new MemoryStore<KubeObject>(oldRevision - 1),
    clock: new ManualClock({ startMs: 0, timersPerMoveMax: 1 }),
    random: new FixedPrng(1),
    readRandom: new FixedPrng(1),
    registry,
    aggregated: [],
    admission: [],
    nodes: undefined,
    objectsMax: Infinity,
    tokens: { sign: () => '', verify: () => undefined, jwks: () => ({}) },
  };
}

function contextOf(def: ResourceDef, subresource: string, name: string): WriteContext {
  return {
    def, subresource, name, namespace: def.namespaced ? namespace : '', dryRun: false, manager: 'vectors',
    user: { name: 'vectors', groups: [] }, warn: () => {},
  };
}

function withoutVersion(object: KubeObject): KubeObject {
  return { ...object, metadata: without(object.metadata, ['resourceVersion']) };
}

/** Causes, and the words of the message that lists them, in an order that does not depend on the server's. */
function sorted({ message = '', causes = [], ...rest }: RefusalText): unknown {
  const text = ({ field = '', message: why = '' }: StatusCause) => `${field} ${why}`;
  return { ...rest, message: message.split(/[[\], ]+/).sort(), causes: [...causes].sort((a, b) => (text(a) < text(b) ? -1 : 1)) };
}
