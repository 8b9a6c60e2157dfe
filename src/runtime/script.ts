/**
 * What a behaviour makes of one container, ready for the runtime: durations drawn and in milliseconds, patterns and
 * attempts chosen. Whoever knows behaviours (`cluster/behaviors`) makes it; the runtime only follows it. What a script
 * leaves out happens as without one.
 */
import type { ConstantTrap } from '../programs/classify.ts';
import type { HealthStatus } from '../programs/protocols/grpc-health.ts';
import type { PullFailure } from './images.ts';
import type { ContainerConfig, ImageUser, SandboxConfig } from './runtime.ts';

/** Values one after another. The last one stays, unless it has an end: then they start again. */
export type Timeline<T> = readonly { readonly value: T; /** Infinity: it stays. */ readonly forMs: number }[];

/** The value at a time after the start; undefined when there is none. */
export function valueAt<T>(timeline: Timeline<T>, elapsedMs: number): T | undefined {
  const cycleMs = timeline.reduce((sum, { forMs }) => sum + forMs, 0);
  let left = cycleMs === Infinity || cycleMs === 0 ? elapsedMs : elapsedMs % cycleMs;
  for (const { value, forMs } of timeline) {
    if (left < forMs) return value;
    left -= forMs;
  }
  return timeline.at(-1)?.value;
}

/** How a program ends. */
export interface ScriptedEnd {
  readonly code: number;
  /** containerd's reason; by default what follows from the code. */
  readonly reason?: string;
  /** What it leaves as its termination message. */
  readonly message?: string;
}

export interface ScriptedPull {
  /** `hang`: it never ends, and other pulls of the node wait. */
  readonly result: 'ok' | 'hang' | PullFailure;
  /** The runtime's text in the place of its own. */
  readonly message?: string;
  readonly tookMs?: number;
}

/** What a behaviour answers where a probe, hook or exec would run. */
export interface ScriptedAnswer {
  readonly ok: boolean;
  readonly output: string;
  /** Infinity: it never answers. */
  readonly delayMs: number;
}

export interface ScriptedExec {
  matches(command: readonly string[]): boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly delayMs: number;
}

export interface ScriptedResponse {
  matches(method: string, path: string): boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Infinity: the request is never answered. */
  readonly delayMs: number;
  /** When it counts, after the start of the container. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface ScriptedListener {
  readonly port: number;
  /** Opens this long after the start of the container. */
  readonly openMs: number;
  /** The first that matches answers; a request that none matches gets 404. */
  readonly responses: readonly ScriptedResponse[];
  /** What gRPC health checks are answered. */
  readonly health: Timeline<HealthStatus>;
}

export interface ScriptedLine {
  /** After the start of the container. */
  readonly atMs: number;
  /** Comes again after this long; Infinity: once. */
  readonly everyMs: number;
  readonly stream: 'stdout' | 'stderr';
  readonly line: string;
}

export interface Usage {
  readonly cpuNanoCores: number;
  readonly memoryBytes: number;
}

/** Moments of a container's life at which the kubelet asks it something. */
export type Asked = 'startup' | 'readiness' | 'liveness' | 'postStart' | 'preStop';

/** The program in the place of the container's own. */
export interface ScriptedProgram {
  /** Infinity: it never ends by itself. */
  readonly runsMs: number;
  readonly end: ScriptedEnd;
  readonly traps: ReadonlyMap<number, ConstantTrap>;
}

export interface ContainerScript {
  readonly startDelayMs: number;
  /** Set when the container cannot be started: the runtime's text. */
  readonly startError: string | undefined;
  readonly program: ScriptedProgram | undefined;
  readonly answers: ReadonlyMap<Asked, Timeline<ScriptedAnswer>>;
  readonly execs: readonly ScriptedExec[];
  /** Undefined: the container's own. */
  readonly listeners: readonly ScriptedListener[] | undefined;
  readonly log: readonly ScriptedLine[];
  readonly usage: Timeline<Usage> | undefined;
}

/** The container that a script is asked for. */
export interface ScriptTarget extends ImageUser {
  readonly image: string;
}

/** Where scripts come from. */
export interface ScriptSource {
  /** Could there be a script for a Pod with these annotations? A cheap look before all others. */
  mayHave(annotations: Readonly<Record<string, string>>): boolean;
  /** The script of an instance that is about to be created. */
  scriptFor(target: ScriptTarget, attempt: number): ContainerScript | undefined;
  /** What the pulls for a container do, one after another, the last for all that follow. Undefined: what the registry says. */
  pullsFor(target: ScriptTarget): readonly ScriptedPull[] | undefined;
}

export const noScripts: ScriptSource = { mayHave: () => false, scriptFor: () => undefined, pullsFor: () => undefined };

/** The script of an instance that is about to be created in a sandbox. */
export function scriptOf(source: ScriptSource, { podUid, namespace, name, labels, annotations }: SandboxConfig, config: ContainerConfig): ContainerScript | undefined {
  if (!source.mayHave(annotations)) return undefined;
  return source.scriptFor({ podUid, namespace, pod: name, labels, annotations, container: config.name, image: config.image }, config.attempt);
}

/** When a program first takes more memory than it may, from some time after its start on; undefined when it never does. */
export function overLimitAt(usage: Timeline<Usage>, limitBytes: number, fromMs = 0): number | undefined {
  const cycleMs = usage.reduce((sum, { forMs }) => sum + forMs, 0);
  const ends = cycleMs === Infinity || cycleMs === 0;
  let at = ends ? 0 : Math.floor(fromMs / cycleMs) * cycleMs;
  for (const { value, forMs } of ends ? usage : [...usage, ...usage]) {
    if (value.memoryBytes > limitBytes && at + forMs > fromMs) return Math.max(at, fromMs);
    at += forMs;
  }
  return undefined;
}
