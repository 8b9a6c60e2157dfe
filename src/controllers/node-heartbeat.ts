/**
 * The part of a kubelet that speaks for its node: registers the Node, renews its Lease every 10 s, reports the node's
 * status when it changes or every 5 minutes. What runs on the node is the kubelet's, in `kubelet/`.
 *
 * One object serves all nodes of a cluster: they share a wheel of 100 slots that goes round in 10 s, with one timer for
 * the next slot that has nodes. An idle node costs a lease update per turn and nothing else.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock, Millis, Timer } from '../clock/clock.ts';
import type { Prng } from '../lib/prng.ts';
import type { Lease } from '../schema/coordination/v1.ts';
import type { Node, ObjectReference } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { formatMicroTime, formatTime } from '../schema/values/time.ts';
import { LegacyEventRecorder } from './events/legacy-event-recorder.ts';
import {
  mergeConditions, nodeInfo, nodeObject, observedConditions, stampConditions,
  type MachineIds, type NodeOptions, type ObservedCondition, type PressureType,
} from './node-object.ts';

const turnMs = 10_000;
const slots = 100;
const slotMs = turnMs / slots;
const leaseDurationSeconds = 40;
const reportMs = 300_000;
const leaseNamespace = 'kube-node-lease';
const leases = 'leases.coordination.k8s.io';

interface NodeState {
  readonly options: NodeOptions;
  readonly slot: number;
  readonly recorder: LegacyEventRecorder;
  readonly reference: ObjectReference;
  readonly pressures: Set<PressureType>;
  /** The machine is about to go off. */
  shuttingDown: boolean;
  ids: MachineIds;
  /** The kubelet is up. */
  running: boolean;
  /** The Lease was there at the last renewal. */
  leased: boolean;
  /** The Node may have changed since the kubelet last compared it with what it observes. */
  changed: boolean;
  reportAt: Millis;
}

interface LeaseRenewal {
  readonly renewTime: string;
  readonly change: (lease: KubeObject) => KubeObject;
}

export interface NodeHeartbeatContext {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly random: Prng;
}

export class NodeHeartbeats {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #random: Prng;
  readonly #startedAt: Millis;
  readonly #nodes = new Map<string, NodeState>();
  readonly #wheel = Array<Set<NodeState> | undefined>(slots);
  readonly #stop: () => void;
  #timer: Timer | undefined;
  #timerSlot = 0;

  constructor({ port, clock, random }: NodeHeartbeatContext) {
    this.#port = port;
    this.#clock = clock;
    this.#random = random;
    this.#startedAt = clock.now();
    this.#stop = port.onChange('nodes', ({ key }) => {
      const state = this.#nodes.get(key);
      if (state) state.changed = true;
    });
  }

  /** A machine joins: its kubelet starts and registers the node. */
  add(options: NodeOptions): void {
    const state: NodeState = {
      options,
      slot: this.#random.below(slots),
      recorder: new LegacyEventRecorder(this.#port, this.#clock, this.#random, { component: 'kubelet', host: options.name }),
      // A kubelet does not know its node's uid and uses the name (pkg/kubelet/kubelet.go, nodeRef).
      reference: { kind: 'Node', name: options.name, uid: options.name },
      pressures: new Set(),
      shuttingDown: false,
      ids: { machineId: this.#random.uuid(), bootId: this.#random.uuid() },
      running: false,
      leased: false,
      changed: true,
      reportAt: 0,
    };
    this.#nodes.set(options.name, state);
    this.start(options.name);
  }

  /** The kubelet stops: no more leases, no more reports. */
  stop(name: string): void {
    const state = this.#state(name);
    state.running = false;
    this.#wheel[state.slot]?.delete(state);
  }

  /** The kubelet starts: it reports at once. */
  start(name: string): void {
    const state = this.#state(name);
    if (state.running) return;
    state.running = true;
    state.shuttingDown = false;
    state.leased = false;
    state.changed = true;
    (this.#wheel[state.slot] ??= new Set()).add(state);
    state.recorder.event(state.reference, 'Normal', 'Starting', 'Starting kubelet.');
    if (this.#node(state)) this.#syncStatus(state);
    else this.#register(state);
    this.#renewLease(state, this.#renewal());
    this.#arm();
  }

  /** The machine has booted again: the kubelet starts and reports the new boot id. */
  reboot(name: string): void {
    const state = this.#state(name);
    this.stop(name);
    state.ids = { ...state.ids, bootId: this.#random.uuid() };
    this.start(name);
  }

  /** Sets or clears a pressure condition; the kubelet reports it at once. */
  setPressure(name: string, type: PressureType, on: boolean): void {
    const state = this.#state(name);
    if (on) state.pressures.add(type);
    else state.pressures.delete(type);
    if (state.running) this.#syncStatus(state);
  }

  /** The machine is about to go off; the kubelet reports it at once. */
  shutDown(name: string): void {
    const state = this.#state(name);
    state.shuttingDown = true;
    state.recorder.event(state.reference, 'Normal', 'NodeShutdown', 'Shutdown manager detected shutdown event');
    this.#syncStatus(state);
  }

  /** The machine is gone for good. Its Node object stays until somebody deletes it. */
  remove(name: string): void {
    this.stop(name);
    this.#state(name).recorder.close();
    this.#nodes.delete(name);
  }

  close(): void {
    this.#stop();
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#wheel.fill(undefined);
    for (const state of this.#nodes.values()) state.recorder.close();
    this.#nodes.clear();
  }

  #state(name: string): NodeState {
    const state = this.#nodes.get(name);
    if (!state) throw new Error(`Failed to find node ${name}: there is no such machine. Add it first.`);
    return state;
  }

  /** Sets the timer for the next slot that has nodes, unless an earlier one is set. */
  #arm(): void {
    const sinceStart = this.#clock.now() - this.#startedAt;
    const current = Math.floor(sinceStart / slotMs);
    for (let ahead = 1; ahead <= slots; ahead++) {
      const slot = current + ahead;
      if (!this.#wheel[slot % slots]?.size) continue;
      if (this.#timer && this.#timerSlot <= slot) return;
      if (this.#timer) this.#clock.cancel(this.#timer);
      this.#timerSlot = slot;
      this.#timer = this.#clock.after(slot * slotMs - sinceStart, 'kubelet: node heartbeat', () => this.#beat());
      return;
    }
  }

  #beat(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    const renewal = this.#renewal();
    for (const state of this.#wheel[this.#timerSlot % slots] ?? []) {
      if (state.changed || now >= state.reportAt) this.#syncStatus(state);
      this.#renewLease(state, renewal);
    }
    this.#arm();
  }

  #node({ options }: NodeState): Node | undefined {
    return this.#port.lister<Node>('nodes').get('', options.name);
  }

  /** Creates the Node. A kubelet does so at its start only: a Node that is deleted later stays away. */
  #register(state: NodeState): void {
    const observed = observedConditions(state.pressures, state.shuttingDown);
    const conditions = stampConditions(observed, [], formatTime(this.#clock.now()));
    this.#port.submit({ verb: 'create', resource: 'nodes', object: nodeObject(state.options, state.ids, conditions) });
    this.#reported(state, observed, false);
  }

  /** Reports the node's status if the API says something else, or if it is time. */
  #syncStatus(state: NodeState): void {
    const now = this.#clock.now();
    const node = this.#node(state);
    if (!node) return;
    const observed = observedConditions(state.pressures, state.shuttingDown);
    const before = node.status?.conditions ?? [];
    const changed = observed.filter(({ type, status }) => before.find((condition) => condition.type === type)?.status !== status);
    const rebooted = node.status?.nodeInfo?.bootID !== state.ids.bootId;
    if (changed.length === 0 && !rebooted && now < state.reportAt) {
      state.changed = false;
      return;
    }
    const conditions = stampConditions(observed, before, formatTime(now));
    if (changed.length === 0 && !rebooted) {
      const change = (object: KubeObject) => {
        const { status } = object as Node;
        return { ...object, status: { ...status, conditions: mergeConditions(status?.conditions ?? [], conditions) } };
      };
      this.#port.submit({ verb: 'renew', resource: 'nodes', subresource: 'status', name: state.options.name, change });
    } else {
      const patch = { status: { conditions, ...(rebooted ? { nodeInfo: nodeInfo(state.ids) } : {}) } };
      this.#port.submit({ verb: 'patch', resource: 'nodes', subresource: 'status', name: state.options.name, patchType: 'strategic', patch });
    }
    this.#reported(state, changed, rebooted);
  }

  #reported(state: NodeState, changed: readonly ObservedCondition[], rebooted: boolean): void {
    // After a change the next report comes at a random time, so that nodes that changed together spread out.
    const shiftMs = changed.length > 0 ? Math.floor((this.#random.fraction() - 0.5) * reportMs) : 0;
    state.reportAt = this.#clock.now() + reportMs + shiftMs;
    state.changed = false;
    this.#reportEvents(state, changed, rebooted);
  }

  #reportEvents({ recorder, reference, options, ids }: NodeState, changed: readonly ObservedCondition[], rebooted: boolean): void {
    if (rebooted) {
      recorder.event(reference, 'Warning', 'Rebooted', `Node ${options.name} has been rebooted, boot id: ${ids.bootId}`);
    }
    for (const { event } of changed) {
      recorder.event(reference, 'Normal', event, `Node ${options.name} status is now: ${event}`);
    }
  }

  /** Renews Leases at this moment; one for all nodes of a slot. */
  #renewal(): LeaseRenewal {
    const renewTime = formatMicroTime(this.#clock.now());
    return { renewTime, change: (lease) => ({ ...lease, spec: { ...(lease as Lease).spec, renewTime } }) };
  }

  #renewLease(state: NodeState, { renewTime, change }: LeaseRenewal): void {
    const { name } = state.options;
    const keep = ({ ok }: { ok: boolean }) => {
      state.leased = ok;
    };
    if (state.leased || this.#port.lister<Lease>(leases).get(leaseNamespace, name)) {
      this.#port.submit({ verb: 'renew', resource: leases, namespace: leaseNamespace, name, change }, keep);
      return;
    }
    const uid = this.#node(state)?.metadata.uid;
    if (uid === undefined) return;
    const object = {
      apiVersion: 'coordination.k8s.io/v1', kind: 'Lease',
      metadata: { name, namespace: leaseNamespace, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
      spec: { holderIdentity: name, leaseDurationSeconds, renewTime },
    };
    this.#port.submit({ verb: 'create', resource: leases, namespace: leaseNamespace, object }, keep);
  }
}
