/**
 * Watches over nodes: marks those unknown whose kubelet has fallen silent, keeps taints in step with conditions, and
 * marks the Pods of a lost node as not ready. Upstream: pkg/controller/nodelifecycle.
 *
 * Two loops and a queue: every 5 s all nodes are looked at; NoExecute taints, which cost Pods their lives, are set one
 * by one at a limited rate per zone; NoSchedule taints follow every change of a node at once.
 */
import type { ApiPort, ObjectChange, ObjectKey } from '../api/port.ts';
import type { Clock, Millis, Timer } from '../clock/clock.ts';
import type { Lease } from '../schema/coordination/v1.ts';
import type { Node, NodeCondition, Pod } from '../schema/core/v1.ts';
import { formatTime } from '../schema/values/time.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { referenceTo, type EventRecorder } from './events/event-recorder.ts';
import { NoExecuteTainter, zoneOf } from './no-execute-tainter.ts';
import { readyStatus, schedulingTaints, swapTaints, taintsDiffer } from './node-taints.ts';
import { WorkQueue } from './runner.ts';
import type { Task } from './task.ts';

const monitorMs = 5000;
const graceMs = 50_000;
const startupGraceMs = 60_000;
const leases = 'leases.coordination.k8s.io';
const leaseNamespace = 'kube-node-lease';
const kubeletConditions = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
const silent = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
const neverSeen = { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' };

/** What the looks at a node need, read once per version of it: there are many more looks than changes. */
interface NodeView {
  readonly node: Node;
  readonly lease: ObjectKey;
  readonly zone: string;
  readonly ready: string | undefined;
  readonly heartbeat: string | null | undefined;
}

/** When the kubelet of a node was last heard of, by this controller's own clock and at its own pace. */
interface NodeHealth {
  heardAt: Millis;
  /** Something has been heard since the last look. */
  heard: boolean;
  heartbeat: string | null | undefined;
}

export class NodeLifecycleController implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #queue: WorkQueue;
  readonly #podQueue: WorkQueue;
  readonly #tainter: NoExecuteTainter;
  /** By the key of the node's Lease. */
  readonly #health = new Map<string, NodeHealth>();
  readonly #views = new Map<string, NodeView>();
  /** The nodes of the last look, in order; undefined when one has come or gone since. */
  #names: readonly string[] | undefined;
  #known = new Map<string, Node>();
  #stops: (() => void)[] = [];
  #timer: Timer | undefined;

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#queue = new WorkQueue(clock, 'node-lifecycle-controller', (name) => this.#taintNoSchedule(name));
    this.#podQueue = new WorkQueue(clock, 'node-lifecycle-controller pods', (key) => this.#checkNewPod(key));
    this.#tainter = new NoExecuteTainter(port, clock);
  }

  start(): void {
    this.#stops = [
      this.#port.onChange('nodes', (change) => this.#nodeChanged(change)),
      this.#port.onChange('pods', ({ key, object, previous }) => {
        const node = (object as Pod | undefined)?.spec?.nodeName;
        if (node && node !== (previous as Pod | undefined)?.spec?.nodeName) this.#podQueue.add(key);
      }),
      this.#port.onChange(leases, (change) => {
        const health = this.#health.get(change.key);
        if (health && !health.heard) health.heard = change.renewed || isRenewed(change);
      }),
    ];
    this.#timer = this.#clock.after(0, 'node-lifecycle-controller: monitor', () => this.#monitor());
  }

  close(): void {
    for (const stop of this.#stops) stop();
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#queue.close();
    this.#podQueue.close();
    this.#tainter.close();
  }

  #nodeChanged({ key, object }: ObjectChange): void {
    this.#queue.add(key);
    if (!object || !this.#views.has(key)) this.#names = undefined;
    if (object) this.#views.set(key, viewOf(object as Node));
    else this.#views.delete(key);
  }

  *#taintNoSchedule(name: string): Task<void> {
    const node = this.#port.lister<Node>('nodes').get('', name);
    if (!node) return;
    const { missing, obsolete } = taintsDiffer(node, schedulingTaints(node));
    if (missing.length + obsolete.length === 0) return;
    const outcome = yield* swapTaints(this.#port, node, missing, obsolete, this.#clock.now());
    if (outcome) this.#queue.settle(name, outcome);
  }

  #monitor(): void {
    if (!this.#names) this.#registerNodes(this.#names = [...this.#views.keys()].sort());
    const readiness = this.#names.map((name) => this.#views.get(name)!).map((view) => {
      const ready = this.#monitorNode(view);
      return ready === view.ready ? view : { ...view, ready };
    });
    const fullDisruptionEnded = this.#tainter.observe(readiness);
    if (fullDisruptionEnded) {
      for (const health of this.#health.values()) health.heardAt = this.#clock.now();
    }
    this.#timer = this.#clock.after(monitorMs, 'node-lifecycle-controller: monitor', () => this.#monitor());
  }

  #registerNodes(names: readonly string[]): void {
    const now = new Map(names.map((name) => [name, this.#views.get(name)!.node]));
    for (const [name, node] of now) {
      if (this.#known.has(name)) continue;
      this.#recorder.event(nodeReference(node), 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
      this.#tainter.forget(node);
    }
    for (const [name, node] of this.#known) {
      if (now.has(name)) continue;
      this.#recorder.event(nodeReference(node), 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      this.#health.delete(leaseOf(name));
      this.#tainter.forget(node);
    }
    this.#known = now;
  }

  /** Brings the node's conditions in line with its heartbeats; answers with the status of Ready then. */
  #monitorNode({ node, lease, ready: observed, heartbeat }: NodeView): string | undefined {
    const health = this.#hear(lease, heartbeat);
    const grace = observed === undefined ? startupGraceMs : graceMs;
    // Upstream's looks drift a little, so that the tenth after a sign of life finds the grace period over.
    if (this.#clock.now() < health.heardAt + grace || observed === 'Unknown') return observed;
    const conditions = this.#unknownConditions(node);
    const object = { ...node, status: { ...node.status, conditions } };
    this.#port.submit({ verb: 'update', resource: 'nodes', subresource: 'status', object }, ({ ok }) => {
      if (ok && observed === 'True') this.#reportNotReady(node);
    });
    return 'Unknown';
  }

  /** Notes whether the kubelet has been heard of since the last look: by a lease or by a status with a new heartbeat. */
  #hear(lease: ObjectKey, heartbeat: NodeView['heartbeat']): NodeHealth {
    let health = this.#health.get(lease);
    if (!health) {
      health = { heardAt: this.#clock.now(), heard: false, heartbeat };
      this.#health.set(lease, health);
    }
    if (health.heard || health.heartbeat !== heartbeat) health.heardAt = this.#clock.now();
    health.heard = false;
    health.heartbeat = heartbeat;
    return health;
  }

  #unknownConditions(node: Node): NodeCondition[] {
    const now = formatTime(this.#clock.now());
    const conditions = (node.status?.conditions ?? []).map((condition) =>
      kubeletConditions.includes(condition.type) && condition.status !== 'Unknown'
        ? { ...condition, ...silent, status: 'Unknown', lastTransitionTime: now } : condition);
    const missing = kubeletConditions.filter((type) => !conditions.some((condition) => condition.type === type));
    const lastHeartbeatTime = node.metadata.creationTimestamp ?? now;
    return [...conditions, ...missing.map((type) => ({ type, status: 'Unknown', lastHeartbeatTime, lastTransitionTime: now, ...neverSeen }))];
  }

  #reportNotReady(node: Node): void {
    const name = node.metadata.name ?? '';
    this.#recorder.event(nodeReference(node), 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    this.#markPodsNotReady(this.#port.lister<Pod>('pods').byIndex('node', name));
  }

  /** Reason and message of the condition stay as they are. */
  #markPodsNotReady(pods: readonly Pod[]): void {
    for (const pod of pods) {
      const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
      if (!ready || ready.status === 'False') continue;
      const lastTransitionTime = formatTime(this.#clock.now());
      const conditions = pod.status!.conditions!.map((one) => (one === ready ? { ...ready, status: 'False', lastTransitionTime } : one));
      const object = { ...pod, status: { ...pod.status, conditions } };
      this.#port.submit({ verb: 'update', resource: 'pods', subresource: 'status', object }, (outcome) => {
        this.#podQueue.settle(`${pod.metadata.namespace}/${pod.metadata.name}`, outcome);
      });
      this.#recorder.event(referenceTo('Pod', pod), 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }

  /** A Pod that comes to a node that is not ready is not ready either. */
  #checkNewPod(key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#port.lister<Pod>('pods').get(namespace, name);
    const node = pod?.spec?.nodeName ? this.#port.lister<Node>('nodes').get('', pod.spec.nodeName) : undefined;
    const ready = node && readyStatus(node);
    if (pod && ready !== undefined && ready !== 'True') this.#markPodsNotReady([pod]);
  }
}

/** Somebody else than the kubelet may renew a Lease as well. */
function isRenewed({ object, previous }: ObjectChange): boolean {
  return object !== undefined && (object as Lease).spec?.renewTime !== (previous as Lease | undefined)?.spec?.renewTime;
}

const leaseOf = (node: string): ObjectKey => `${leaseNamespace}/${node}`;

function viewOf(node: Node): NodeView {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  return { node, lease: leaseOf(node.metadata.name ?? ''), zone: zoneOf(node), ready: ready?.status, heartbeat: ready?.lastHeartbeatTime };
}

const nodeReference = ({ metadata }: Node) => ({ kind: 'Node', name: metadata.name ?? '', uid: metadata.uid ?? '', apiVersion: 'v1' });
