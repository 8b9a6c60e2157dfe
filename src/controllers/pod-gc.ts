/**
 * Every 20 s clears away Pods that nobody else will: those of nodes that are gone, those being deleted that never got a
 * node or sit on one that is out of service, and the oldest finished ones when there are too many.
 * Upstream: pkg/controller/podgc.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock, Millis, Timer } from '../clock/clock.ts';
import type { Node, Pod } from '../schema/core/v1.ts';
import { timeToMs } from '../schema/values/time.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { readyStatus } from './node-taints.ts';
import { patchPodStatus, podConditionPatch } from './pod-conditions.ts';

const periodMs = 20_000;
const quarantineMs = 40_000;
const finishedPodsMax = 12_500;
const outOfService = 'node.kubernetes.io/out-of-service';

export class PodGc implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  /** Nodes that Pods speak of but that do not exist, and when they may be taken for gone. */
  readonly #quarantine = new Map<string, Millis>();
  #timer: Timer | undefined;

  constructor({ port, clock }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
  }

  start(): void {
    this.#arm();
  }

  close(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
  }

  #arm(): void {
    this.#timer = this.#clock.after(periodMs, 'pod-garbage-collector-controller', () => {
      this.#collect();
      this.#arm();
    });
  }

  #collect(): void {
    const pods = this.#port.lister<Pod>('pods').list();
    const nodes = new Map(this.#port.lister<Node>('nodes').list().map((node) => [node.metadata.name ?? '', node]));
    this.#collectFinished(pods);
    for (const pod of pods) if (isDeleted(pod) && isOutOfService(nodes.get(pod.spec?.nodeName ?? ''))) this.#remove(pod);
    this.#collectOrphans(pods, nodes);
    for (const pod of pods) if (isDeleted(pod) && !pod.spec?.nodeName) this.#remove(pod);
  }

  #collectFinished(pods: readonly Pod[]): void {
    const finished = pods.filter(isFinished);
    const tooMany = finished.length - finishedPodsMax;
    if (tooMany <= 0) return;
    const evicted = ({ status }: Pod) => status?.reason === 'Evicted';
    const created = ({ metadata }: Pod) => timeToMs(metadata.creationTimestamp ?? '');
    finished.sort((a, b) => Number(evicted(b)) - Number(evicted(a)) || created(a) - created(b));
    for (const pod of finished.slice(0, tooMany)) this.#remove(pod);
  }

  #collectOrphans(pods: readonly Pod[], nodes: ReadonlyMap<string, Node>): void {
    const now = this.#clock.now();
    const missing = new Set(pods.map(({ spec }) => spec?.nodeName ?? '').filter((name) => name !== '' && !nodes.has(name)));
    for (const name of this.#quarantine.keys()) if (!missing.has(name)) this.#quarantine.delete(name);
    for (const name of missing) if (!this.#quarantine.has(name)) this.#quarantine.set(name, now + quarantineMs);
    for (const pod of pods) {
      const goneAt = this.#quarantine.get(pod.spec?.nodeName ?? '');
      // The quarantine begins at one look and ends just after another one: Pods go at the look after that.
      if (goneAt === undefined || goneAt >= now) continue;
      const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' };
      this.#remove(pod, podConditionPatch(pod, condition, now));
    }
  }

  /** Gives a Pod that has not ended the phase Failed, and deletes it without grace. */
  #remove(pod: Pod, more: Readonly<Record<string, unknown>> = {}): void {
    const { namespace = '', name = '', generation } = pod.metadata;
    if (!isFinished(pod)) {
      patchPodStatus(this.#port, pod, { ...(generation === undefined ? {} : { observedGeneration: generation }), phase: 'Failed', ...more });
    }
    this.#port.submit({ verb: 'delete', resource: 'pods', namespace, name, gracePeriodSeconds: 0 });
  }
}

const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
const isDeleted = ({ metadata }: Pod): boolean => Boolean(metadata.deletionTimestamp);

function isOutOfService(node: Node | undefined): boolean {
  return node !== undefined && readyStatus(node) !== 'True' && (node.spec?.taints ?? []).some(({ key }) => key === outOfService);
}
