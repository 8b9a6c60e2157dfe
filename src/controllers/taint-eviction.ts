/**
 * Deletes Pods that do not, or no longer, tolerate a NoExecute taint of their node.
 * Upstream: pkg/controller/tainteviction.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import { equal } from '../lib/json.ts';
import type { Node, Pod, Taint } from '../schema/core/v1.ts';
import type { Controller, ControllerContext } from './controller.ts';
import type { EventRecorder } from './events/event-recorder.ts';
import { tolerates } from './node-matching.ts';
import { podConditionPatch, podStatusPatch } from './pod-conditions.ts';
import { WorkQueue } from './runner.ts';
import { answer, run, wait, type Task } from './task.ts';

/** So often, and so far apart, a deletion is tried. */
const attemptsMax = 5;
const attemptMs = 10;

export class TaintEvictionController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  /** Deletions that come when a toleration has run out; undefined for those that have come. */
  readonly #planned = new Map<string, Timer | undefined>();
  /** Nodes with NoExecute taints: nearly always none. */
  readonly #tainted = new Set<string>();
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#queue = new WorkQueue(clock, 'taint-eviction-controller', (key) => this.#reconcile(key));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('nodes', ({ key, object, previous }) => {
        const taints = noExecuteTaints(object as Node | undefined);
        if (taints.length > 0) this.#tainted.add(key);
        else this.#tainted.delete(key);
        if (equal(taints, noExecuteTaints(previous as Node | undefined))) return;
        for (const { metadata } of this.#port.lister<Pod>('pods').byIndex('node', key)) this.#queue.add(`${metadata.namespace}/${metadata.name}`);
      }),
      this.#port.onChange('pods', ({ key, object, previous }) => {
        const relevant = (pod: Pod | undefined) => [pod?.spec?.nodeName, pod?.spec?.tolerations];
        const concerned = this.#planned.has(key) || this.#tainted.has((object as Pod | undefined)?.spec?.nodeName ?? '');
        if (concerned && !equal(relevant(object as Pod | undefined), relevant(previous as Pod | undefined))) this.#queue.add(key);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const timer of this.#planned.values()) if (timer) this.#clock.cancel(timer);
    this.#planned.clear();
    this.#queue.close();
  }

  #reconcile(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#port.lister<Pod>('pods').get(namespace, name);
    const node = pod?.spec?.nodeName ? this.#port.lister<Node>('nodes').get('', pod.spec.nodeName) : undefined;
    // A Pod on a node that is gone keeps its appointment; PodGC takes care of it.
    if (pod && !node) return;
    const taints = noExecuteTaints(node);
    if (!pod || taints.length === 0) return this.#cancel(key);
    const seconds = tolerationSeconds(pod, taints);
    if (seconds === Infinity) return this.#cancel(key);
    if (seconds <= 0) {
      this.#cancel(key);
      run(this.#evict(key), () => {});
    } else {
      this.#plan(key, seconds);
    }
  }

  /** A deletion that is planned already, or done, is not put off. */
  #plan(key: string, seconds: number): void {
    if (this.#planned.has(key)) return;
    this.#planned.set(key, this.#clock.after(seconds * 1000, `taint-eviction-controller: ${key}`, () => {
      this.#planned.set(key, undefined);
      run(this.#evict(key), (evicted) => { if (!evicted) this.#planned.delete(key); });
    }));
  }

  #cancel(key: string): void {
    const timer = this.#planned.get(key);
    this.#planned.delete(key);
    if (!timer) return;
    this.#clock.cancel(timer);
    this.#recorder.event(reference(key), 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
  }

  /** Deletes the Pod, in a few attempts; false when all have failed (deletePodHandler). */
  *#evict(key: string): Task<boolean> {
    this.#recorder.event(reference(key), 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
    for (let attempt = 1; !(yield* this.#delete(key)); attempt++) {
      if (attempt === attemptsMax) return false;
      yield* wait<void>((done) => { this.#clock.after(attemptMs, `taint-eviction-controller: ${key}`, done); });
    }
    return true;
  }

  *#delete(key: string): Task<boolean> {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#port.lister<Pod>('pods').get(namespace, name);
    if (!pod) return true;
    const status = podConditionPatch(pod, {
      type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint',
    }, this.#clock.now());
    if (status && !(yield* answer(this.#port, podStatusPatch(pod, status))).ok) return false;
    return (yield* answer(this.#port, { verb: 'delete', resource: 'pods', namespace, name })).ok;
  }
}

/** Upstream knows no more of the Pod here than its name. */
function reference(key: string) {
  const [namespace = '', name = ''] = key.split('/');
  return { kind: 'Pod', namespace, name, apiVersion: 'v1' };
}

function noExecuteTaints(node: Node | undefined): readonly Taint[] {
  return (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

/** For how long a Pod tolerates the taints: 0 at once no more, Infinity for ever. */
function tolerationSeconds({ spec }: Pod, taints: readonly Taint[]): number {
  const tolerations = spec?.tolerations ?? [];
  if (!taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)))) return 0;
  const used = tolerations.filter((toleration) => taints.some((taint) => tolerates(toleration, taint)));
  return Math.min(Infinity, ...used.flatMap(({ tolerationSeconds: seconds }) => seconds ?? []));
}
