/**
 * The kubelet of one node, built like the real one, because its visible quirks come from that structure: a serial worker
 * per Pod, a look at the runtime that turns changes into syncs, reasons that lag by one sync, a prober per container and a
 * status manager that merges and writes. `step.ts` is the pure heart. It refuses to know what runs inside containers
 * (that is the runtime's) and to report its node (that is the heartbeat's).
 */
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Millis } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { EventRecorder } from '../events/event-recorder.ts';
import type { AllocationCheckpoint } from './allocation.ts';
import type { Pressure } from './eviction.ts';
import { KubeletRun } from './kubelet-run.ts';
import type { KubeletLatencies } from './latencies.ts';
import type { ShutdownGrace } from './node-shutdown.ts';
import type { PodSource } from './pod-source.ts';
import type { SignToken } from './service-account-tokens.ts';
import type { StaticManifest } from './static-pods.ts';

export interface KubeletOptions {
  readonly nodeName: string;
  readonly port: ApiPort;
  /** Shared by all kubelets of a process. */
  readonly pods: PodSource;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly random: Prng;
  readonly recorder: EventRecorder;
  readonly latencies: KubeletLatencies;
  readonly signToken: SignToken;
}

export class Kubelet {
  readonly #options: KubeletOptions;
  #run: KubeletRun | undefined;
  readonly #checkpoint: AllocationCheckpoint = new Map();
  /** The manifests on the node's disk, by file name. */
  readonly #manifests = new Map<string, StaticManifest>();

  constructor(options: KubeletOptions) {
    this.#options = options;
    options.runtime.onEvent((event) => this.#run?.observe(event));
  }

  get nodeName(): string {
    return this.#options.nodeName;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /**
   * Starts the process; its Pods are those that are bound to the node. `since` is for one that ran before the cluster's
   * time begins: the first probes of a young process are spread over their period (prober/worker.go run).
   */
  start(since: Millis = this.#options.clock.now()): void {
    if (this.#run) return;
    this.#run = new KubeletRun(this.#options, since, this.#checkpoint);
    this.#run.start(this.#manifests.values());
  }

  /** Ends the process at once; containers go on. */
  stop(): void {
    this.#run?.close();
    this.#run = undefined;
  }

  /** Puts the manifest of a Pod on the node's disk; one of the same name is replaced. */
  writeStaticPod(fileName: string, pod: StaticManifest['pod']): void {
    this.removeStaticPod(fileName);
    const manifest = { uid: this.#options.random.text(32, '0123456789abcdef'), pod };
    this.#manifests.set(fileName, manifest);
    this.#run?.startStaticPod(manifest);
  }

  removeStaticPod(fileName: string): void {
    const manifest = this.#manifests.get(fileName);
    if (!manifest) return;
    this.#manifests.delete(fileName);
    this.#run?.removeStaticPod(manifest.uid);
  }

  /** The node runs short of something, or no longer does: Pods are evicted one by one meanwhile. */
  setPressure(pressure: Pressure, on: boolean): void {
    this.#run?.setPressure(pressure, on);
  }

  /** The machine is about to go off: ends the Pods, critical ones last, then calls `powerOff`. */
  shutDown(grace: ShutdownGrace, powerOff: () => void): void {
    this.#run?.shutDown(grace, powerOff);
  }

  close(): void {
    this.stop();
  }
}
