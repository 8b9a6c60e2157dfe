/**
 * What the components of a cluster write while it comes up follows from its options and its start time alone. So it is
 * remembered, and a cluster that comes up in the same way, a reset one above all, puts the same objects into its store
 * instead of working them out again. Its components run as ever; only the answers to their writes are known. The first write
 * that is not the expected one ends it: from there on the API answers, which is always right, only slower.
 */
import { submitNow, type ApiPort, type ApiPorts, type Outcome, type Write } from '../api/port.ts';
import type { Prng } from '../lib/prng.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { MemoryStore } from '../store/memory-store.ts';
import type { StoreEvent } from '../store/store.ts';

interface KnownWrite {
  /** Who writes what. */
  readonly text: string;
  /** The store's revision before. */
  readonly revision: number;
  readonly events: readonly StoreEvent<KubeObject>[];
  readonly outcome: Outcome;
  /** Of the API's randomness, afterwards. */
  readonly randomState: number;
}

/** By what a start follows from, the last used at the end. */
const known = new Map<string, readonly KnownWrite[]>();
const startsMax = 32;
const writesMax = 500;

export interface StartParts {
  /** All that a start follows from; undefined when it will not come again. */
  readonly key: string | undefined;
  readonly store: MemoryStore<KubeObject>;
  /** Of the API. */
  readonly random: Prng;
}

export class StartWrites {
  readonly #parts: StartParts;
  /** What is known of this start. */
  readonly #known: readonly KnownWrite[] | undefined;
  /** What is learnt of it, when nothing is known. */
  readonly #learnt: KnownWrite[] = [];
  #next = 0;
  #isOver: boolean;

  constructor(parts: StartParts) {
    this.#parts = parts;
    this.#isOver = parts.key === undefined;
    this.#known = parts.key === undefined ? undefined : known.get(parts.key);
  }

  ports(ports: ApiPorts): ApiPorts {
    return { as: (manager) => this.#port(manager, ports.as(manager)) };
  }

  /** The cluster is up. */
  end(): void {
    const { key } = this.#parts;
    if (key !== undefined && (this.#known || !this.#isOver)) {
      const writes = this.#known ?? this.#learnt;
      known.delete(key);
      known.set(key, writes);
      const [oldest] = known.keys();
      if (known.size > startsMax) known.delete(oldest!);
    }
    this.#isOver = true;
  }

  #port(manager: string, port: ApiPort): ApiPort {
    return {
      lister: (resource) => port.lister(resource),
      onChange: (resource, handler) => port.onChange(resource, handler),
      submit: (write, done) => {
        if (this.#isOver) return port.submit(write, done);
        const text = textOf(manager, write);
        const outcome = this.#known ? this.#repeat(text) : this.#learn(text, write, port);
        if (outcome) done?.(outcome);
        else port.submit(write, done);
      },
    };
  }

  /** Undefined when the API must answer. */
  #repeat(text: string): Outcome | undefined {
    const { store, random } = this.#parts;
    const write = this.#known![this.#next++];
    if (write?.text !== text || write.revision !== store.revision) {
      this.#isOver = true;
      return undefined;
    }
    for (const event of write.events) put(store, event);
    random.state = write.randomState;
    return write.outcome;
  }

  #learn(text: string, write: Write, port: ApiPort): Outcome | undefined {
    const { store, random } = this.#parts;
    const { revision } = store;
    const at = this.#learnt.length;
    const outcome = submitNow(port, write);
    const events: StoreEvent<KubeObject>[] = [];
    const past = store.watch('/', revision, (event) => events.push(event));
    if (past.ok) past.watch.stop();
    // A write inside of another one, and a renewal, cannot be told from what is in the store.
    if (this.#learnt.length !== at || at >= writesMax || events.some(({ renewed }) => renewed)) this.#isOver = true;
    this.#learnt.push({ text, revision, events, outcome, randomState: random.state });
    return outcome;
  }
}

function textOf(manager: string, write: Write): string {
  const resource = 'resource' in write ? write.resource : 'pods';
  const { namespace = '', name = '' } = 'object' in write ? write.object.metadata : write;
  return `${manager} ${write.verb} ${resource} ${namespace}/${name}`;
}

function put(store: MemoryStore<KubeObject>, { type, stored: { key, value } }: StoreEvent<KubeObject>): void {
  if (type === 'create') store.create(key, value);
  else if (type === 'update') store.update(key, value);
  else store.remove(key, value);
}
