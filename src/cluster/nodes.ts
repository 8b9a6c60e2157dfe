/** The machines of a cluster: each has a runtime and a kubelet; one heartbeat object speaks for all of them. */
import type { Node } from '../schema/core/v1.ts';
import type { NodeConnector } from '../api/node-connector.ts';
import type { ApiPort, ApiPorts } from '../api/port.ts';
import type { Clock, Millis } from '../clock/clock.ts';
import { LegacyEventRecorder } from '../controllers/events/legacy-event-recorder.ts';
import { Kubelet } from '../controllers/kubelet/kubelet.ts';
import type { ShutdownGrace } from '../controllers/kubelet/node-shutdown.ts';
import { PodSource } from '../controllers/kubelet/pod-source.ts';
import { NodeHeartbeats } from '../controllers/node-heartbeat.ts';
import type { PressureType } from '../controllers/node-object.ts';
import type { Prng } from '../lib/prng.ts';
import { limits } from '../limits.ts';
import type { Options } from '../options.ts';
import { Network } from '../programs/network.ts';
import { Scheduler } from '../programs/scheduler.ts';
import { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { ImageRule } from '../runtime/images.ts';
import type { ScriptSource } from '../runtime/script.ts';
import type { NodeTemplate } from '../schema/fakelet/v1.ts';
import type { NodeVerb } from './controls.ts';
import { EmulatorError } from './emulator-error.ts';
import { NodeConnections } from './node-connections.ts';
import { checkNodeTemplate } from './node-template.ts';
import { profileOf } from './profiles.ts';
import { resolveName, routeOf } from './service-network.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

export interface NodesOptions {
  readonly options: Options;
  readonly nodesMax: number;
  readonly clock: Clock;
  readonly random: Prng;
  readonly images: readonly ImageRule[];
  readonly tokens: ServiceAccountTokens;
  readonly scripts: ScriptSource;
}

interface Machine {
  readonly name: string;
  readonly runtime: ContainerRuntime;
  readonly kubelet: Kubelet;
  /** The machine is off: its next start is a boot. */
  off: boolean;
}

export class Nodes {
  readonly connector: NodeConnector;
  readonly #settings: NodesOptions;
  readonly #network = new Network();
  readonly #scheduler: Scheduler;
  readonly #machines = new Map<string, Machine>();
  #created = 0;
  #port: ApiPort | undefined;
  #heartbeats: NodeHeartbeats | undefined;
  #pods: PodSource | undefined;

  constructor(settings: NodesOptions) {
    this.#settings = settings;
    this.#scheduler = new Scheduler(settings.clock);
    this.connector = new NodeConnections({
      clock: settings.clock, forwardMs: profileOf(settings.options).runtime.forwardMs,
      runtimeOf: (node) => this.#machines.get(node)?.runtime, port: () => this.#port!,
      runtimeNear: (ip) => (this.#network.has(ip) ? [...this.#machines.values()][0]?.runtime : undefined),
    });
  }

  has(name: string): boolean {
    return this.#machines.has(name);
  }

  get count(): number {
    return this.#machines.size;
  }

  /** Brings the first machines up: they have run for long. */
  start(ports: ApiPorts): void {
    const { options, clock, random } = this.#settings;
    const port = ports.as('kubelet');
    this.#port = port;
    this.#network.route = (ip, number, protocol) => routeOf(port, ip, number, protocol);
    this.#network.resolve = (name) => resolveName(port, name);
    this.#pods = new PodSource(port);
    this.#heartbeats = new NodeHeartbeats({ port, clock, random: random.stream('heartbeats') });
    if (options.mode === 'full' && options.nodes > 0) this.add({ count: options.nodes }, -Infinity);
  }

  /** Adds machines, whose kubelets run `since` then; answers their names. */
  add(template: NodeTemplate, since: Millis = this.#settings.clock.now()): string[] {
    checkNodeTemplate(template);
    const { count, name, cpu, memory, labels, unschedulable } = template;
    if ((count ?? 1) > limits.nodesPerRequestMax) throw new EmulatorError(400, `Failed to add nodes: ${count} is above the limit nodesPerRequestMax. Add fewer.`);
    const { options, nodesMax } = this.#settings;
    if (this.#machines.size + (count ?? 1) > nodesMax) {
      throw new EmulatorError(429, `Failed to add nodes: ${this.#machines.size} + ${count ?? 1} exceed the quota of ${nodesMax}. Remove some, or raise --quota nodes=N.`);
    }
    const names: string[] = [];
    for (let i = 0; i < (count ?? 1); i++) {
      const number = ++this.#created;
      const nodeName = name === undefined ? `node-${number}` : count === undefined ? name : `${name}-${number}`;
      if (this.#machines.has(nodeName)) throw new EmulatorError(409, `Failed to add node ${nodeName}: it exists. Give another name.`);
      this.#join(nodeName, number, since, {
        cpu: cpu ?? options.nodeCpu, memory: memory ?? options.nodeMemory, pods: String(options.nodePods), ...(labels ? { labels } : {}), ...(unschedulable ? { unschedulable } : {}),
      });
      names.push(nodeName);
    }
    return names;
  }

  /** The runtime of a machine and what can be done to it. Throws EmulatorError when there is none of that name. */
  of(name: string): Machine {
    const machine = this.#machines.get(name);
    if (!machine) throw new EmulatorError(404, `Failed to find node ${name}: there is no such machine. Known are: ${[...this.#machines.keys()].slice(0, 10).join(', ') || 'none'}.`);
    return machine;
  }

  command(name: string, verb: NodeVerb): void {
    const machine = this.of(name);
    const { runtime, kubelet } = machine;
    const heartbeats = this.#heartbeats!;
    switch (verb) {
      case 'stop':
        kubelet.stop();
        return heartbeats.stop(name);
      case 'start':
        if (machine.off) return this.command(name, 'reboot');
        heartbeats.start(name);
        return kubelet.start();
      case 'restart':
        this.command(name, 'stop');
        return this.command(name, 'start');
      case 'reboot':
        machine.off = false;
        kubelet.stop();
        runtime.reboot();
        heartbeats.reboot(name);
        return kubelet.start();
      case 'remove':
        return this.#remove(name);
    }
  }

  setPressure(name: string, type: PressureType, on: boolean): void {
    const { kubelet } = this.of(name);
    this.#heartbeats!.setPressure(name, type, on);
    kubelet.setPressure(type, on);
  }

  /** Ends the node's Pods as a kubelet does when its machine shuts down, then turns the machine off. */
  shutDown(name: string, grace: ShutdownGrace): void {
    const machine = this.of(name);
    const { kubelet, runtime } = machine;
    const heartbeats = this.#heartbeats!;
    if (!kubelet.running) throw new EmulatorError(409, `Failed to shut node ${name} down: its kubelet does not run. Start it first.`);
    heartbeats.shutDown(name);
    kubelet.shutDown(grace, () => {
      kubelet.stop();
      heartbeats.stop(name);
      runtime.reboot();
      machine.off = true;
    });
  }

  close(): void {
    for (const { kubelet, runtime } of this.#machines.values()) {
      kubelet.close();
      runtime.close();
    }
    this.#machines.clear();
    this.#heartbeats?.close();
    this.#pods?.close();
  }

  #join(name: string, number: number, since: Millis, template: { cpu: string; memory: string; pods: string; labels?: Record<string, string>; unschedulable?: boolean }): void {
    const { options, clock, random, images, tokens, scripts } = this.#settings;
    const port = this.#port!;
    const ip = `10.0.${Math.floor(number / 250)}.${(number % 250) + 1}`;
    const stream = random.stream(`node ${name}`);
    const profile = profileOf(options);
    const runtime = new ContainerRuntime({
      nodeIp: ip, podCidr: () => port.lister<Node>('nodes').get('', name)?.spec?.podCIDR ?? podCidrOf(number),
      clock, prng: stream.stream('runtime'), latencies: profile.runtime, images, network: this.#network, scheduler: this.#scheduler, scripts,
    });
    const kubelet = new Kubelet({
      nodeName: name, port, pods: this.#pods!, runtime, clock, random: stream.stream('kubelet'),
      recorder: new LegacyEventRecorder(port, clock, stream.stream('events'), { component: 'kubelet', host: name }),
      latencies: profile.kubelet,
      signToken: (claims) => tokens.sign(claims),
    });
    this.#machines.set(name, { name, runtime, kubelet, off: false });
    this.#heartbeats!.add({ name, ip, ...template });
    if (options.kubelet === 'on') kubelet.start(since);
  }

  #remove(name: string): void {
    const { runtime, kubelet } = this.of(name);
    kubelet.close();
    runtime.close();
    this.#heartbeats!.remove(name);
    this.#machines.delete(name);
    this.#port!.submit({ verb: 'delete', resource: 'nodes', name });
  }
}

/** What the node's allocator would give the nth node; for clusters without one. */
const podCidrOf = (number: number): string => `10.${244 + Math.floor(number / 256)}.${number % 256}.0/24`;
