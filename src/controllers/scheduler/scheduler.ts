/**
 * kube-scheduler: gives Pods without a node a node, one decision at a time, and says why when there is none.
 *
 * `ClusterState` holds nodes and Pods, `SchedulingQueue` the Pods that wait, `schedulePod` decides and this class acts:
 * binding, condition, events, deletion of victims. It schedules only Pods that ask for `default-scheduler`. It refuses
 * dynamic resources and scheduling groups: there is nothing behind them in this emulator.
 */
import type { ApiPort, ObjectChange } from '../../api/port.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import { equal } from '../../lib/json.ts';
import type { Prng } from '../../lib/prng.ts';
import type { Node, Pod } from '../../schema/core/v1.ts';
import type { PodDisruptionBudget } from '../../schema/policy/v1.ts';
import { podConditionPatch, podStatusPatch } from '../pod-conditions.ts';
import { hasEnded } from '../pod-readiness.ts';
import type { Controller, ControllerLatencies } from '../controller.ts';
import { referenceTo } from '../events/event-recorder.ts';
import { SeriesEventRecorder } from '../events/series-event-recorder.ts';
import { ClaimBinder } from './claim-binder.ts';
import { ClusterState } from './cluster-state.ts';
import { Nominations } from './nominations.ts';
import { podInfo, sameSpec, type PodInfo } from './pod-info.ts';
import { schedulePod, type Decision, type SchedulingContext } from './schedule-pod.ts';
import { SchedulerError } from './scheduler-error.ts';
import { SchedulingQueue, type QueuedPod } from './scheduling-queue.ts';

const schedulerName = 'default-scheduler';
/** So many decisions are made before others get their turn. */
const podsPerTurn = 100;
/** A real scheduler takes about so long for a decision; here it bounds how often a crowd of waiting Pods is tried in vain. */
const retryMs = 1;
const eventMessageMax = 1024;
const volumeResources = ['persistentvolumeclaims', 'persistentvolumes', 'storageclasses.storage.k8s.io'];

type Unschedulable = Extract<Decision, { kind: 'unschedulable' }>;

export interface SchedulerContext {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly random: Prng;
  readonly profile: ControllerLatencies;
}

export class Scheduler implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #bindMs: number;
  readonly #recorder: SeriesEventRecorder;
  readonly #cluster: ClusterState;
  readonly #claims: ClaimBinder;
  readonly #nominations = new Nominations();
  readonly #queue: SchedulingQueue;
  readonly #context: SchedulingContext;
  #stops: (() => void)[] = [];
  #turn: Timer | undefined;

  constructor({ port, clock, random, profile }: SchedulerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#bindMs = profile.bindMs;
    this.#recorder = new SeriesEventRecorder(port, clock, random, schedulerName, 'control-plane');
    this.#cluster = new ClusterState(port);
    this.#claims = new ClaimBinder(port, clock, this.#cluster);
    this.#queue = new SchedulingQueue({
      clock, namespaceLabels: this.#cluster.namespaceLabels, onReady: () => this.#armTurn(this.#bindMs),
    });
    this.#context = {
      cluster: this.#cluster, nominations: this.#nominations, random, start: { index: 0 },
      budgets: () => port.lister<PodDisruptionBudget>('poddisruptionbudgets.policy').list(),
    };
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('nodes', (change) => this.#nodeChanged(change)),
      this.#port.onChange('pods', (change) => this.#podChanged(change)),
      ...volumeResources.map((resource) => this.#port.onChange(resource, () => this.#queue.move({ type: 'volumes' }))),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    if (this.#turn) this.#clock.cancel(this.#turn);
    this.#claims.close();
    this.#queue.close();
    this.#recorder.close();
  }

  #nodeChanged({ key, object, previous }: ObjectChange): void {
    const node = object as Node | undefined;
    const before = previous as Node | undefined;
    this.#cluster.setNode(key, node);
    if (!node) {
      if (before) this.#queue.move({ type: 'nodeGone', previous: before });
    } else if (!before || mattersToScheduling(node, before)) {
      this.#queue.move({ type: 'node', node, previous: before });
    }
  }

  /** Finished Pods take no room any more; all others are on a node, wait for one, or belong to another scheduler. */
  #podChanged({ key, object, previous }: ObjectChange): void {
    const pod = object && !hasEnded(object as Pod) ? object as Pod : undefined;
    const before = this.#cluster.placed(key);
    const node = pod?.spec?.nodeName;
    if (pod && node) {
      this.#queue.delete(key);
      this.#nominations.delete(key);
      const info = podInfo(pod, before);
      this.#cluster.place(info, node);
      if (!before || !sameSpec(pod, before)) this.#queue.move({ type: 'pod', pod: info, previous: before });
    } else if (pod && !before && pod.spec?.schedulerName === schedulerName) {
      const info = podInfo(pod, previous && podInfo(previous as Pod));
      this.#nominations.set(info, pod.status?.nominatedNodeName);
      this.#queue.set(info);
    } else if (!pod) {
      this.#queue.delete(key);
      this.#nominations.delete(key);
      this.#cluster.displace(key);
      if (before) this.#queue.move({ type: 'pod', pod: undefined, previous: before });
    }
  }

  #armTurn(delayMs: number): void {
    this.#turn ??= this.#clock.after(delayMs, 'scheduler', () => this.#work());
  }

  #work(): void {
    this.#turn = undefined;
    let retries = 0;
    for (let i = 0; i < podsPerTurn; i++) {
      const queued = this.#queue.pop();
      if (!queued) return;
      if (queued.attempts > 1) retries++;
      this.#schedule(queued);
    }
    this.#armTurn(retries * retryMs);
  }

  #schedule(queued: QueuedPod): void {
    const { pod } = queued;
    if (pod.pod.metadata.deletionTimestamp) {
      const message = `skip schedule deleting pod: ${pod.key}`;
      this.#recorder.event(referenceTo('Pod', pod.pod), 'Warning', 'FailedScheduling', message, { action: 'Scheduling' });
      this.#queue.delete(pod.key);
      return;
    }
    try {
      const decision = schedulePod(pod, this.#context);
      if (decision.kind === 'fits') this.#bind(queued, decision.node);
      else this.#fail(queued, decision);
    } catch (error) {
      if (!(error instanceof SchedulerError)) throw error;
      this.#report(pod, 'SchedulerError', error.message, '');
      this.#queue.putBackAfterError(queued);
    }
  }

  /** Takes the room at once and asks for the binding, once the Pod's claims have their volumes; what is refused gives the room back. */
  #bind(queued: QueuedPod, node: string): void {
    const { pod } = queued;
    this.#cluster.place(pod, node);
    this.#nominations.delete(pod.key);
    this.#claims.bind(pod, node, (trouble) => {
      if (trouble === undefined) this.#submitBinding(queued, node);
      else this.#giveBack(queued, trouble);
    });
  }

  #submitBinding(queued: QueuedPod, node: string): void {
    const { pod } = queued;
    const { namespace = '', name = '', uid = '' } = pod.pod.metadata;
    this.#port.submit({ verb: 'bind', namespace, name, uid, node }, (outcome) => {
      if (!outcome.ok) return this.#giveBack(queued, outcome.status.message ?? '');
      this.#recorder.event(referenceTo('Pod', pod.pod), 'Normal', 'Scheduled', `Successfully assigned ${pod.key} to ${node}`, { action: 'Binding' });
    });
  }

  #giveBack(queued: QueuedPod, message: string): void {
    const { pod } = queued;
    this.#cluster.displace(pod.key);
    this.#queue.move({ type: 'pod', pod: undefined, previous: pod });
    this.#report(pod, 'SchedulerError', message, undefined);
    this.#queue.putBackAfterError(queued);
  }

  #fail(queued: QueuedPod, { message, rejectedBy, nominatedNode, victims }: Unschedulable): void {
    const { pod } = queued;
    if (nominatedNode !== undefined) this.#nominations.set(pod, nominatedNode);
    this.#queue.putBack(queued, rejectedBy);
    this.#report(pod, 'Unschedulable', message, nominatedNode);
    if (victims.length > 0 && nominatedNode) this.#evict(pod, nominatedNode, victims);
  }

  /** The event and, when something about it is new, the condition of a Pod that was not scheduled. */
  #report(pod: PodInfo, reason: string, message: string, nominatedNode: string | undefined): void {
    const note = message.length > eventMessageMax ? `${message.slice(0, eventMessageMax - 4)} ...` : message;
    this.#recorder.event(referenceTo('Pod', pod.pod), 'Warning', 'FailedScheduling', note, { action: 'Scheduling' });
    const condition = { type: 'PodScheduled', status: 'False', reason, message };
    const status = podConditionPatch(pod.pod, condition, this.#clock.now());
    const renominated = nominatedNode !== undefined && nominatedNode !== (pod.pod.status?.nominatedNodeName ?? '');
    if (!status && !renominated) return;
    this.#port.submit(podStatusPatch(pod.pod, { ...status, ...(renominated ? { nominatedNodeName: nominatedNode || null } : {}) }));
  }

  /** Deletes the victims, most important last, and voids nominations of lesser Pods to the node. */
  #evict(preemptor: PodInfo, node: string, victims: readonly PodInfo[]): void {
    for (const { pod, namespace } of victims.toReversed()) {
      if (!pod.metadata.deletionTimestamp) {
        const condition = {
          type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler',
          message: `${preemptor.pod.spec?.schedulerName}: preempting to accommodate a higher priority pod`,
        };
        const status = podConditionPatch(pod, condition, this.#clock.now());
        if (status) this.#port.submit(podStatusPatch(pod, status));
        this.#port.submit({ verb: 'delete', resource: 'pods', namespace, name: pod.metadata.name ?? '' });
      }
      const message = `Preempted by pod ${preemptor.pod.metadata.uid} on node ${node}`;
      this.#recorder.event(referenceTo('Pod', pod), 'Normal', 'Preempted', message, { action: 'Preempting', related: referenceTo('Pod', preemptor.pod) });
    }
    for (const lesser of this.#nominations.below(node, preemptor)) {
      this.#nominations.delete(lesser.key);
      this.#port.submit(podStatusPatch(lesser.pod, { nominatedNodeName: null }));
    }
  }
}

/** True when what has changed about a node may matter to a Pod: not its heartbeats. */
function mattersToScheduling(node: Node, before: Node): boolean {
  const relevant = ({ metadata, spec, status }: Node) => [metadata.labels, spec, status?.allocatable];
  return !equal(relevant(node), relevant(before));
}
