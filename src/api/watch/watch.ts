/**
 * Watches: a stream of the changes of one resource, from a revision on, through a selector
 * (apiserver/pkg/storage/cacher and endpoints/handlers/watch.go). An object that starts or stops matching is ADDED or
 * DELETED to its watcher. A watcher that does not empty its socket is cut off; it never holds back a write.
 */
import type { KubeObject } from '../../schema/objects.ts';
import type { Timer } from '../../clock/clock.ts';
import type { Stored, StoreEvent, Watch } from '../../store/store.ts';
import { limits } from '../../limits.ts';
import { normalize } from '../codec/normalize.ts';
import { ApiError, expired, plainError } from '../errors.ts';
import { tooLarge } from '../list/list.ts';
import { objectTest } from '../object-selector.ts';
import { listPrefix, type ResourceDef } from '../registry.ts';
import type { ListOptions } from '../request-options.ts';
import { InvalidResourceVersion, parseResourceVersion, resourceVersionOf } from '../resource-version.ts';
import type { Services } from '../services.ts';
import type { ApiStream, StreamSink } from '../streams.ts';
import type { EventType, FrameEncoder } from './frames.ts';

const minTimeoutMs = 30 * 60_000;
const bookmarkIntervalMs = 60_000;
const bookmarkJitter = 0.25;
/** A last bookmark comes this long before the end. */
const bookmarkBeforeEndMs = 2_000;
/** How long a watch list waits for a revision that is not there yet. */
const futureWaitMs = 3_000;

/** Opens a watch. Throws the errors that come before the stream; later ones are events of it. */
export function openWatch(services: Services, def: ResourceDef, namespace: string, options: ListOptions, frames: FrameEncoder): ApiStream {
  let revision: number;
  try {
    revision = parseResourceVersion(options.resourceVersion);
  } catch (error) {
    if (error instanceof InvalidResourceVersion) throw plainError(error.message);
    throw error;
  }
  return { start: (sink) => new WatchSession(services, { def, namespace, options, frames, revision }, sink).run() };
}

interface WatchRequest {
  readonly def: ResourceDef;
  readonly namespace: string;
  readonly options: ListOptions;
  readonly frames: FrameEncoder;
  readonly revision: number;
}

class WatchSession {
  readonly #services: Services;
  readonly #request: WatchRequest;
  readonly #sink: StreamSink;
  readonly #matches: ((object: KubeObject) => boolean) | undefined;
  readonly #timers = new Set<Timer>();
  #watch: Watch | undefined;
  /** What the watch begins with, its state and its past, waits for the client whatever its size. */
  #beginning = true;
  #allowedBytes = limits.watchBufferBytesMax;
  #ended = false;

  constructor(services: Services, request: WatchRequest, sink: StreamSink) {
    this.#services = services;
    this.#request = request;
    this.#sink = sink;
    this.#matches = objectTest(request.def, request.options.labelSelector, request.options.fieldSelector);
  }

  run(): () => void {
    const { store, clock, readRandom: random } = this.#services;
    const { options, revision } = this.#request;
    const sendInitialEvents = options.sendInitialEvents ?? revision === 0;
    const timeoutMs = options.timeoutSeconds ? options.timeoutSeconds * 1000 : minTimeoutMs * (1 + random.fraction());
    this.#after(timeoutMs, 'watch timeout', () => this.#end());
    if (options.allowWatchBookmarks) this.#scheduleBookmark(clock.now() + timeoutMs - bookmarkBeforeEndMs);

    if (options.sendInitialEvents && revision > store.revision) {
      this.#after(futureWaitMs, 'watch list of a future version', () => this.#fail(tooLarge(revision, store.revision)));
    } else if (sendInitialEvents) this.#follow(this.#initialEvents());
    else this.#follow(revision === 0 ? store.revision : revision);
    this.#beginning = false;
    return () => this.#end();
  }

  /** Sends the state as ADDED events and answers its revision. */
  #initialEvents(): number {
    const { def, namespace, options, frames } = this.#request;
    const page = this.#services.store.list(listPrefix(def, namespace));
    if (!page.ok) return this.#services.store.revision;
    for (const stored of page.items) {
      if (!this.#matches || this.#matches(stored.value)) this.#send(frames.stored('ADDED', stored), stored.key);
    }
    if (options.allowWatchBookmarks) this.#sendBookmark(page.revision, { 'k8s.io/initial-events-end': 'true' });
    return page.revision;
  }

  #follow(from: number): void {
    if (this.#ended) return;
    const { def, namespace } = this.#request;
    const outcome = this.#services.store.watch(listPrefix(def, namespace), from, (event) => {
      if (event.revision > from) this.#onEvent(event);
    });
    if (!outcome.ok) return this.#fail(expired(`too old resource version: ${from} (${outcome.oldest})`));
    this.#watch = outcome.watch;
    if (this.#ended) outcome.watch.stop();
  }

  #onEvent(event: StoreEvent<KubeObject>): void {
    if (this.#ended) return;
    const { frames } = this.#request;
    const { stored, previous } = event;
    const did = previous !== undefined && (this.#matches?.(previous.value) ?? true);
    const does = event.type !== 'delete' && (this.#matches?.(stored.value) ?? true);
    if (does) this.#send(frames.stored(did ? 'MODIFIED' : 'ADDED', stored), stored.key);
    else if (did) this.#send(event.type === 'delete' ? frames.stored('DELETED', stored) : this.#leftSelection(previous, event.revision), stored.key);
  }

  /** An object that no longer matches goes as it last did, with the version that took it away. */
  #leftSelection(previous: Stored<KubeObject>, revision: number): Uint8Array {
    const { def, frames } = this.#request;
    const object = def.conversion?.fromStorage(previous.value) ?? previous.value;
    return frames.object('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: resourceVersionOf(revision) } });
  }

  #scheduleBookmark(lastAt: number): void {
    const { clock, readRandom: random } = this.#services;
    const next = Math.min(clock.now() + bookmarkIntervalMs * (1 + bookmarkJitter * random.fraction()), lastAt);
    if (next <= clock.now()) return;
    this.#after(next - clock.now(), 'watch bookmark', () => {
      this.#sendBookmark(this.#services.store.revision);
      this.#scheduleBookmark(lastAt);
    });
  }

  #sendBookmark(revision: number, annotations?: Record<string, string>): void {
    const { def, frames } = this.#request;
    const metadata = { resourceVersion: resourceVersionOf(revision), ...(annotations ? { annotations } : {}) };
    const empty: KubeObject = { kind: def.kind, apiVersion: def.apiVersion, metadata };
    this.#send(frames.object('BOOKMARK' satisfies EventType, normalize(def.type, empty)));
  }

  #send(frame: Uint8Array, object?: string): void {
    if (this.#ended) return;
    this.#sink.write(frame, object);
    if (this.#beginning) this.#allowedBytes += frame.length;
    else if (this.#sink.bufferedBytes() > this.#allowedBytes) this.#end();
  }

  #fail(error: ApiError): void {
    if (this.#ended) return;
    this.#sink.write(this.#request.frames.status(error.status));
    this.#end();
  }

  #after(delayMs: number, label: string, run: () => void): void {
    const timer = this.#services.clock.after(delayMs, label, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#watch?.stop();
    for (const timer of this.#timers) this.#services.clock.cancel(timer);
    this.#sink.end();
  }
}
