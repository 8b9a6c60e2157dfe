/**
 * Sets the NoExecute taints of nodes that are not ready, slowly: one node in ten seconds per zone, slower or not at all
 * when many nodes of a zone are lost at once, and never when all nodes of the cluster are: then it is more likely that
 * the control plane is cut off than that every machine is gone.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock, Millis, Timer } from '../clock/clock.ts';
import type { Node, Taint } from '../schema/core/v1.ts';
import { notReady, readyStatus, swapTaints, unreachable } from './node-taints.ts';
import { run } from './task.ts';

const passMs = 100;
const nodesPerSecond = 0.1;
const nodesPerSecondDisrupted = 0.01;
const largeZone = 50;
const unhealthyShare = 0.55;

type ZoneState = 'initial' | 'normal' | 'partial' | 'full';

interface Zone {
  state: ZoneState;
  ratePerSecond: number;
  /** A token bucket that holds one. */
  tokens: number;
  refilledAt: Millis;
  readonly waiting: Set<string>;
}

export interface NodeReadiness {
  readonly node: Node;
  readonly zone: string;
  readonly ready: string | undefined;
}

/** Region and zone of a node as one text. */
export function zoneOf({ metadata }: Node): string {
  const labels = metadata.labels ?? {};
  const region = labels['topology.kubernetes.io/region'] ?? '';
  const zone = labels['topology.kubernetes.io/zone'] ?? '';
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`;
}

export class NoExecuteTainter {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #zones = new Map<string, Zone>();
  #timer: Timer | undefined;

  constructor(port: ApiPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  /** A node is new or gone: it waits for nothing, and is free of the taints for now. */
  forget(node: Node): void {
    this.#zone(zoneOf(node)).waiting.delete(node.metadata.name ?? '');
  }

  /** Takes note of a look at all nodes. True when the cluster has just come back from losing all of them. */
  observe(nodes: readonly NodeReadiness[]): boolean {
    for (const readiness of nodes) this.#consider(readiness);
    const ended = this.#adjustRates(nodes);
    this.#arm();
    return ended;
  }

  close(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
  }

  #zone(name: string): Zone {
    let zone = this.#zones.get(name);
    if (!zone) {
      zone = { state: 'initial', ratePerSecond: nodesPerSecond, tokens: 1, refilledAt: this.#clock.now(), waiting: new Set() };
      this.#zones.set(name, zone);
    }
    return zone;
  }

  #consider({ node, zone, ready }: NodeReadiness): void {
    const { waiting } = this.#zone(zone);
    const name = node.metadata.name ?? '';
    if (ready === 'True') {
      waiting.delete(name);
      this.#untaint(node);
      return;
    }
    if (ready === undefined) return;
    const [wanted, opposite] = ready === 'False' ? [notReady, unreachable] : [unreachable, notReady];
    if (hasNoExecute(node, wanted)) waiting.delete(name);
    else if (hasNoExecute(node, opposite)) this.#taint(node, wanted, opposite);
    else waiting.add(name);
  }

  #adjustRates(nodes: readonly NodeReadiness[]): boolean {
    const members = new Map<string, NodeReadiness[]>();
    for (const readiness of nodes) {
      const list = members.get(readiness.zone);
      if (list) list.push(readiness);
      else members.set(readiness.zone, [readiness]);
    }
    const next = new Map([...members].map(([name, list]) => [name, { state: stateOf(list), size: list.length }]));
    const allLost = next.size > 0 && [...next.values()].every(({ state }) => state === 'full');
    const allWereLost = this.#zones.size > 0 && [...this.#zones.values()].every(({ state }) => state === 'full');
    for (const name of this.#zones.keys()) if (!next.has(name)) this.#zones.delete(name);
    if (allLost && allWereLost) return false;
    for (const [name, { state, size }] of next) {
      const zone = this.#zone(name);
      zone.state = state;
      zone.ratePerSecond = allLost ? 0 : rateOf(state, size);
      zone.refilledAt = this.#clock.now();
      if (allLost) zone.waiting.clear();
    }
    if (allLost) for (const { node } of nodes) this.#untaint(node);
    return allWereLost && !allLost;
  }

  #arm(): void {
    const busy = [...this.#zones.values()].some(({ waiting, ratePerSecond }) => waiting.size > 0 && ratePerSecond > 0);
    if (busy) this.#timer ??= this.#clock.after(passMs, 'node-lifecycle-controller: taint', () => this.#pass());
  }

  #pass(): void {
    this.#timer = undefined;
    for (const zone of this.#zones.values()) {
      for (const name of zone.waiting) {
        if (!this.#takeToken(zone)) break;
        zone.waiting.delete(name);
        const node = this.#port.lister<Node>('nodes').get('', name);
        const ready = node && readyStatus(node);
        if (node && ready === 'False') this.#taint(node, notReady, unreachable);
        else if (node && ready === 'Unknown') this.#taint(node, unreachable, notReady);
      }
    }
    this.#arm();
  }

  #takeToken(zone: Zone): boolean {
    const now = this.#clock.now();
    zone.tokens = Math.min(1, zone.tokens + ((now - zone.refilledAt) / 1000) * zone.ratePerSecond);
    zone.refilledAt = now;
    if (zone.tokens < 1 || zone.ratePerSecond === 0) return false;
    zone.tokens -= 1;
    return true;
  }

  #taint(node: Node, key: string, opposite: string): void {
    this.#swap(node, [{ key, effect: 'NoExecute' }], [{ key: opposite, effect: 'NoExecute' }]);
  }

  #untaint(node: Node): void {
    if (!node.spec?.taints) return;
    const taints = [notReady, unreachable].filter((key) => hasNoExecute(node, key)).map((key) => ({ key, effect: 'NoExecute' }));
    if (taints.length > 0) this.#swap(node, [], taints);
  }

  /** What fails is found again by the next look at all nodes. */
  #swap(node: Node, add: readonly Taint[], remove: readonly Taint[]): void {
    run(swapTaints(this.#port, node, add, remove, this.#clock.now()), () => {});
  }
}

const hasNoExecute = ({ spec }: Node, key: string): boolean =>
  (spec?.taints ?? []).some((taint) => taint.key === key && taint.effect === 'NoExecute');

/** Nodes without the condition count as not ready. */
function stateOf(members: readonly NodeReadiness[]): ZoneState {
  const lost = members.filter(({ ready }) => ready !== 'True').length;
  if (lost > 0 && lost === members.length) return 'full';
  return lost > 2 && lost / members.length >= unhealthyShare ? 'partial' : 'normal';
}

function rateOf(state: ZoneState, size: number): number {
  if (state !== 'partial') return nodesPerSecond;
  return size > largeZone ? nodesPerSecondDisrupted : 0;
}
