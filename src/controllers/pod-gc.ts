/**
 * Every 20 s clears away Pods that nobody else will: those of nodes that are gone, those being deleted that never got a
 * node or sit on one that is out of service, and the oldest finished ones when there are too many.
 * Upstream: pkg/controller/podgc.
 */
import type { ApiPort, ObjectChange, ObjectKey } from '../api/port.ts';
import type { Clock, Millis, Timer } from '../clock/clock.ts';
import type { Node, Pod } from '../schema/core/v1.ts';
import { timeToMs } from '../schema/values/time.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { readyStatus } from './node-taints.ts';
import { podConditionPatch, podStatusPatch } from './pod-conditions.ts';
import { hasEnded } from './pod-readiness.ts';

const periodMs = 20_000;
const quarantineMs = 40_000;
const finishedPodsMax = 12_500;
const outOfService = 'node.kubernetes.io/out-of-service';

export class PodGc implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  /** Nodes that Pods speak of but that do not exist, and when they may be taken for gone. */
  readonly #quarantine = new Map<string, Millis>();
  /** The few Pods that a look is about, and how many Pods speak of a node: a look costs nothing per quiet Pod. */
  readonly #finished = new Set<ObjectKey>();
  readonly #deleted = new Set<ObjectKey>();
  readonly #podsOfNode = new Map<string, number>();
  #stop: () => void = () => undefined;
  #timer: Timer | undefined;

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
  }

  start(): void {
    this.#stop = this.#port.onChange('pods', (change) => this.#podChanged(change));
    this.#arm();
  }

  close(): void {
    this.#stop();
    if (this.#timer) this.#clock.cancel(this.#timer);
  }

  #arm(): void {
    this.#timer = this.#clock.after(periodMs, 'pod-garbage-collector-controller', () => {
      this.#collect();
      this.#arm();
    });
  }

  #podChanged({ key, object, previous }: ObjectChange): void {
    const pod = object as Pod | undefined;
    const before = previous as Pod | undefined;
    toggle(this.#finished, key, pod !== undefined && hasEnded(pod));
    toggle(this.#deleted, key, pod !== undefined && isDeleted(pod));
    const node = pod?.spec?.nodeName;
    const nodeBefore = before?.spec?.nodeName;
    if (node === nodeBefore) return;
    this.#count(nodeBefore, -1);
    this.#count(node, 1);
  }

  #count(node: string | undefined, change: 1 | -1): void {
    if (!node) return;
    const count = (this.#podsOfNode.get(node) ?? 0) + change;
    if (count === 0) this.#podsOfNode.delete(node);
    else this.#podsOfNode.set(node, count);
  }

  #collect(): void {
    this.#collectFinished();
    const node = ({ spec }: Pod) => this.#port.lister<Node>('nodes').get('', spec?.nodeName ?? '');
    for (const pod of this.#pods(this.#deleted)) if (isOutOfService(node(pod))) this.#remove(pod);
    this.#collectOrphans();
    for (const pod of this.#pods(this.#deleted)) if (!pod.spec?.nodeName) this.#remove(pod);
  }

  /** In the order of their keys. */
  #pods(keys: ReadonlySet<ObjectKey>): Pod[] {
    const lister = this.#port.lister<Pod>('pods');
    return [...keys].sort().map((key) => lister.get(...(key.split('/') as [string, string]))).filter((pod) => pod !== undefined);
  }

  #collectFinished(): void {
    const tooMany = this.#finished.size - finishedPodsMax;
    if (tooMany <= 0) return;
    const finished = this.#pods(this.#finished);
    const evicted = ({ status }: Pod) => status?.reason === 'Evicted';
    const created = ({ metadata }: Pod) => timeToMs(metadata.creationTimestamp);
    finished.sort((a, b) => Number(evicted(b)) - Number(evicted(a)) || created(a) - created(b));
    for (const pod of finished.slice(0, tooMany)) this.#remove(pod);
  }

  #collectOrphans(): void {
    const now = this.#clock.now();
    const nodes = this.#port.lister<Node>('nodes');
    const missing = new Set([...this.#podsOfNode.keys()].filter((name) => nodes.get('', name) === undefined));
    for (const name of this.#quarantine.keys()) if (!missing.has(name)) this.#quarantine.delete(name);
    for (const name of missing) if (!this.#quarantine.has(name)) this.#quarantine.set(name, now + quarantineMs);
    // The quarantine begins at one look and ends just after another one: Pods go at the look after that.
    const gone = [...this.#quarantine].filter(([, goneAt]) => goneAt < now).map(([name]) => name);
    for (const pod of gone.flatMap((name) => this.#port.lister<Pod>('pods').byIndex('node', name))) {
      const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' };
      this.#remove(pod, podConditionPatch(pod, condition, now));
    }
  }

  /** Gives a Pod that has not ended the phase Failed, and deletes it without grace. */
  #remove(pod: Pod, more: Readonly<Record<string, unknown>> = {}): void {
    const { namespace = '', name = '', generation } = pod.metadata;
    const remove = (): void => this.#port.submit({ verb: 'delete', resource: 'pods', namespace, name, gracePeriodSeconds: 0 });
    if (hasEnded(pod)) return remove();
    const patch = podStatusPatch(pod, { ...(generation === undefined ? {} : { observedGeneration: generation }), phase: 'Failed', ...more });
    this.#port.submit(patch, ({ ok }) => { if (ok) remove(); });
  }
}

function toggle(keys: Set<ObjectKey>, key: ObjectKey, wanted: boolean): void {
  if (wanted) keys.add(key);
  else keys.delete(key);
}

const isDeleted = ({ metadata }: Pod): boolean => Boolean(metadata.deletionTimestamp);

function isOutOfService(node: Node | undefined): boolean {
  return node !== undefined && readyStatus(node) !== 'True' && (node.spec?.taints ?? []).some(({ key }) => key === outOfService);
}
