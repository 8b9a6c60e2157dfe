/** Starts one container: back-off, image, configuration, create, start, postStart (kuberuntime_container.go startContainer). */
import type { Container as SpecContainer, Pod } from '../../schema/core/v1.ts';
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Millis } from '../../clock/clock.ts';
import type { ContainerConfig, ImageInfo, StartResult } from '../../runtime/runtime.ts';
import { formatDuration } from '../../schema/values/duration.ts';
import { Backoff } from './backoff.ts';
import { ConfigError } from './config-error.ts';
import type { NodeFacts } from './downward-api.ts';
import { environment } from './env.ts';
import { expand } from './expansion.ts';
import { runHook } from './hooks.ts';
import type { Images } from './images.ts';
import type { Killer } from './killing.ts';
import type { WaitingReason } from './memory.ts';
import { ephemeralContainersOf, findContainer, printPod, type ContainerKind } from './pod-containers.ts';
import { memoryLimit } from './memory-limits.ts';
import type { PodEvents } from './pod-events.ts';
import { newestInstance, type PodView } from './pod-view.ts';
import type { KubeletRuntime } from './scope.ts';
import { nonRootViolation, securityConfig } from './security-context.ts';
import { wait, type Task } from '../task.ts';
import type { Volumes } from './volumes.ts';

const crashBackoffInitialMs = 10_000;
export const crashBackoffMaxMs = 300_000;

export interface StarterOptions {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly runtime: KubeletRuntime;
  readonly events: PodEvents;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly killer: Killer;
  readonly node: () => NodeFacts;
  /** Making a container's configuration and creating it. */
  readonly createMs: number;
}

/** Where to start it and what went before. */
export interface StartContext {
  readonly pod: Pod;
  readonly view: PodView;
  readonly sandboxId: string;
  readonly podIPs: readonly string[];
  /** Restart count of an instance whose predecessors the runtime has forgotten. */
  readonly attemptWithoutInstance: number;
}

export type StartOutcome =
  | { readonly ok: true; readonly attempt: number }
  /** `backoffUntil` is set when nothing was tried because of the crash back-off. */
  | ({ readonly ok: false; readonly attempt?: number; readonly backoffUntil?: Millis } & WaitingReason);

export class ContainerStarter {
  readonly #options: StarterOptions;
  readonly #backoff: Backoff;

  constructor(options: StarterOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.clock, crashBackoffInitialMs, crashBackoffMaxMs);
  }

  *start(container: SpecContainer, context: StartContext): Task<StartOutcome> {
    return this.#inBackoff(container, context) ?? (yield* this.#startNow(container, context));
  }

  forget(podUid: string): void {
    this.#backoff.forget(podUid);
  }

  /** Measured from the end of the last instance; a change of image or resources starts afresh (doBackOff). */
  #inBackoff(container: SpecContainer, { pod, view }: StartContext): StartOutcome | undefined {
    const exited = view.containers.find(({ config, state }) => config.name === container.name && state === 'exited');
    if (!exited) return undefined;
    const key = `${pod.metadata.uid}_${container.name}_${container.image}_${JSON.stringify(container.resources ?? {})}`;
    const finishedAt = exited.finishedAt ?? 0;
    if (!this.#backoff.activeSince(key, finishedAt)) {
      this.#backoff.next(key, finishedAt);
      return undefined;
    }
    const message = `Back-off restarting failed container ${container.name} in pod ${printPod(pod)}`;
    this.#options.events.container(pod, container, 'Warning', 'BackOff', message);
    const backoffMs = this.#backoff.get(key);
    const delay = formatDuration(BigInt(backoffMs) * 1_000_000n);
    return {
      ok: false, reason: 'CrashLoopBackOff', backoffUntil: finishedAt + backoffMs,
      message: `back-off ${delay} restarting failed container=${container.name} pod=${printPod(pod)}`,
    };
  }

  *#startNow(container: SpecContainer, context: StartContext): Task<StartOutcome> {
    const { runtime, clock, images, createMs } = this.#options;
    const { pod, view } = context;
    const ensured = yield* images.ensure(pod, container);
    if (!ensured.ok) return this.#failed(pod, container, ensured.reason, ensured.message, `Error: ${ensured.reason}`);
    const before = newestInstance(view, container.name);
    const attempt = before ? before.config.attempt + 1 : context.attemptWithoutInstance;
    const config = this.#config(container, context, ensured.image, attempt);
    if (typeof config === 'string') return this.#failed(pod, container, 'CreateContainerConfigError', config);
    yield* wait<void>((done) => { clock.after(createMs, 'kubelet container create', done); });
    const created = runtime.createContainer(context.sandboxId, config);
    if (!created.ok) return this.#failed(pod, container, 'CreateContainerError', created.message);
    this.#options.events.container(pod, container, 'Normal', 'Created', 'Container created');
    const started = yield* wait<StartResult>((done) => runtime.startContainer(created.containerId, done));
    if (!started.ok) return { ...this.#failed(pod, container, 'RunContainerError', started.message), attempt };
    this.#options.events.container(pod, container, 'Normal', 'Started', 'Container started');
    const error = yield* this.#postStart(container, context, created.containerId);
    return error === undefined ? { ok: true, attempt } : { ok: false, reason: 'PostStartHookError', message: error, attempt };
  }

  #failed(pod: Pod, container: SpecContainer, reason: string, message: string, event = `Error: ${message}`): StartOutcome & { ok: false } {
    this.#options.events.container(pod, container, 'Warning', 'Failed', event);
    return { ok: false, reason, message };
  }

  *#postStart(container: SpecContainer, { pod, podIPs }: StartContext, containerId: string): Task<string | undefined> {
    const hook = container.lifecycle?.postStart;
    if (!hook) return undefined;
    const { runtime, clock, events, killer } = this.#options;
    const podIP = podIPs[0] ?? '';
    const error = yield* runHook(runtime, clock, { hook: 'postStart', pod, container, containerId, podIP }, hook);
    if (error === undefined) return undefined;
    events.container(pod, container, 'Warning', 'FailedPostStartHook', 'PostStartHook failed');
    const instance = runtime.containers(pod.metadata.uid!).find(({ id }) => id === containerId);
    if (instance) yield* killer.container(pod, { container, instance, message: 'FailedPostStartHook' }, podIP);
    return error;
  }

  /** A text is the reason why there is no configuration. */
  #config(container: SpecContainer, { pod, view, podIPs }: StartContext, image: ImageInfo, attempt: number): ContainerConfig | string {
    const { port, volumes, node } = this.#options;
    const ephemeral = ephemeralContainersOf(pod).find(({ name }) => name === container.name) as { targetContainerName?: string } | undefined;
    const targetName = ephemeral?.targetContainerName ?? '';
    const target = targetName === '' ? undefined : newestInstance(view, targetName);
    if (targetName !== '' && !target) return `unable to find target container ${targetName}`;
    const violation = nonRootViolation(pod, container, image);
    if (violation !== undefined) return violation;
    let variables: ReadonlyMap<string, string>;
    let mounts: ContainerConfig['mounts'];
    try {
      variables = environment({ port, pod, container, podIPs, node: node() });
      mounts = volumes.mountsOf(pod, container, variables);
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    const expanded = (texts: readonly string[] | undefined) => (texts ?? []).map((text) => expand(text, (name) => variables.get(name)));
    const memoryLimitBytes = memoryLimit(container.resources);
    return {
      podUid: pod.metadata.uid!, name: container.name, kind: kindOf(pod, container), attempt, image: container.image ?? '',
      command: expanded(container.command), args: expanded(container.args), workingDir: container.workingDir ?? '', env: [...variables],
      mounts,
      terminationMessagePath: container.terminationMessagePath ?? '/dev/termination-log',
      ...(memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
      ports: (container.ports ?? []).map(({ containerPort, protocol = 'TCP' }) => ({ containerPort, protocol })),
      ...(target ? { targetContainerId: target.id } : {}),
      ...securityConfig(pod, container),
      tty: container.tty ?? false, stdin: container.stdin ?? false,
    };
  }
}

const kindOf = (pod: Pod, container: SpecContainer): ContainerKind => findContainer(pod, container.name)?.kind ?? 'main';
