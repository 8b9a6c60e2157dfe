/** What a container runs: decided from its command and image, without running anything. */
import { classify, type ConstantProgram } from '../programs/classify.ts';
import { SIGQUIT, SIGINT, SIGTERM, signalNumber } from '../programs/signals.ts';
import type { ImageRule } from './images.ts';
import type { ContainerConfig } from './runtime.ts';

export type ProgramPlan =
  /** Its life is known: timers are enough. */
  | { readonly kind: 'constant'; readonly program: ConstantProgram }
  /** A server whose inside is not emulated: it listens and answers every request. */
  | { readonly kind: 'server'; readonly program: ConstantProgram; readonly ports: readonly number[] }
  /** Commands for the emulated machine. */
  | { readonly kind: 'machine' };

/** The seam for behaviour rules: a plan that comes before everything else. */
export type BehaviorFor = (config: ContainerConfig) => ProgramPlan | undefined;

export interface PlanOptions {
  /** Programs that the emulated machine has, by base name. */
  readonly known: (name: string) => boolean;
  readonly behaviorFor?: BehaviorFor | undefined;
}

/** The command line of a container: the spec's, else the image's. */
export function commandLine(config: ContainerConfig, rule: ImageRule): readonly string[] {
  if (config.command.length > 0) return [...config.command, ...config.args];
  return [...rule.entrypoint ?? [], ...(config.args.length > 0 ? config.args : rule.cmd ?? [])];
}

export function planOf(config: ContainerConfig, rule: ImageRule, args: readonly string[], options: PlanOptions): ProgramPlan {
  const wanted = options.behaviorFor?.(config);
  if (wanted) return wanted;
  const constant = classify(args);
  if (constant) return { kind: 'constant', program: constant };
  const contents = rule.contents ?? 'unknown';
  if (contents === 'busybox') return { kind: 'machine' };
  const name = args[0]?.slice(args[0].lastIndexOf('/') + 1) ?? '';
  if (options.known(name)) return { kind: 'machine' };
  const stop = signalNumber(rule.stopSignal ?? 'TERM') ?? SIGTERM;
  const traps = new Map([SIGTERM, SIGINT, SIGQUIT, stop].map((signal) => [signal, { delayMs: 0, exitCode: 0 }]));
  const ports = new Set([...rule.ports ?? [], ...config.ports.filter(({ protocol }) => protocol !== 'UDP').map((port) => port.containerPort)]);
  return { kind: 'server', program: { runsMs: Infinity, exitCode: 0, traps }, ports: [...ports] };
}
