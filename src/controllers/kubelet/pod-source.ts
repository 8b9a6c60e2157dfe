/**
 * The Pods of each node and the objects that their volumes show, each from one watch: many kubelets in one process share
 * it.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';

export type PodObject = Pod & KubeObject;

/** `undefined` as the new Pod: the object is gone; as the old one: it is new here. */
export type PodHandler = (now: PodObject | undefined, before: PodObject | undefined) => void;

export class PodSource {
  readonly #port: ApiPort;
  readonly #handlers = new Map<string, PodHandler>();
  /** Who wants to know of an object, by `resource/namespace/name`. */
  readonly #readers = new Map<string, Set<() => void>>();
  readonly #watched = new Map<string, () => void>();
  #stop: (() => void) | undefined;

  constructor(port: ApiPort) {
    this.#port = port;
  }

  /** Calls `handler` for the Pods that are bound to the node now, and for every change. Returns a stop function. */
  subscribe(nodeName: string, handler: PodHandler): () => void {
    this.#stop ??= this.#port.onChange('pods', ({ object, previous }) => {
      const now = object as PodObject | undefined;
      const before = previous as PodObject | undefined;
      const handle = this.#handlers.get((now ?? before)?.spec.nodeName ?? '');
      if (!handle) return;
      const replaced = now && before && now.metadata.uid !== before.metadata.uid;
      if (replaced) handle(undefined, before);
      handle(now, replaced || before?.spec.nodeName !== now?.spec.nodeName && now ? undefined : before);
    });
    for (const pod of this.#port.lister<PodObject>('pods').byIndex('node', nodeName)) handler(pod, undefined);
    this.#handlers.set(nodeName, handler);
    return () => {
      this.#handlers.delete(nodeName);
    };
  }

  /** Calls `onChange` when the ConfigMap or Secret changes. Returns a stop function. */
  watchObject(resource: 'configmaps' | 'secrets', namespace: string, name: string, onChange: () => void): () => void {
    if (!this.#watched.has(resource)) {
      this.#watched.set(resource, this.#port.onChange(resource, ({ key }) => {
        for (const reader of this.#readers.get(`${resource}/${key}`) ?? []) reader();
      }));
    }
    const key = `${resource}/${namespace}/${name}`;
    let readers = this.#readers.get(key);
    if (!readers) this.#readers.set(key, (readers = new Set()));
    readers.add(onChange);
    return () => {
      readers.delete(onChange);
      if (readers.size === 0) this.#readers.delete(key);
    };
  }

  close(): void {
    this.#stop?.();
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
    this.#readers.clear();
    this.#handlers.clear();
  }
}
