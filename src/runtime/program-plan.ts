/**
 * What a container runs, decided without running anything, in this order: the program of its behaviour (a rule, else the
 * Pod's annotation) → its command, if it is one we can run → its image, if we know it → a server that runs for ever.
 */
import { classify, type ConstantProgram } from '../programs/classify.ts';
import { SIGQUIT, SIGINT, SIGTERM, signalNumber } from '../programs/signals.ts';
import type { ImageRule } from './images.ts';
import type { ContainerConfig } from './runtime.ts';
import type { ContainerScript, ScriptedEnd } from './script.ts';

export interface PlannedProgram extends ConstantProgram {
  /** How it ends by itself, beyond its exit code. */
  readonly end?: ScriptedEnd;
}

export type ProgramPlan =
  /** Its life is known: timers are enough. */
  | { readonly kind: 'constant'; readonly program: PlannedProgram }
  /** A server whose inside is not emulated: it listens and answers every request. */
  | { readonly kind: 'server'; readonly program: PlannedProgram; readonly ports: readonly number[] }
  /** Commands for the emulated machine. */
  | { readonly kind: 'machine' };

export interface PlanOptions {
  /** Programs that the emulated machine has, by base name. */
  readonly known: (name: string) => boolean;
  readonly script?: ContainerScript | undefined;
  /** It is not process 1: signals that it does not handle end it, and others see its processes. */
  readonly sharesProcesses: boolean;
}

/** The command line of a container: the spec's, else the image's. */
export function commandLine(config: ContainerConfig, rule: ImageRule): readonly string[] {
  if (config.command.length > 0) return [...config.command, ...config.args];
  return [...rule.entrypoint ?? [], ...(config.args.length > 0 ? config.args : rule.cmd ?? [])];
}

export function planOf(config: ContainerConfig, rule: ImageRule, args: readonly string[], options: PlanOptions): ProgramPlan {
  const program = options.script?.program;
  if (program) return { kind: 'server', program: { runsMs: program.runsMs, exitCode: program.end.code, traps: program.traps, end: program.end }, ports: portsOf(config, rule) };
  const constant = options.sharesProcesses ? undefined : classify(args);
  if (constant) return { kind: 'constant', program: constant };
  const contents = rule.contents ?? 'unknown';
  if (contents === 'busybox') return { kind: 'machine' };
  const name = args[0]?.slice(args[0].lastIndexOf('/') + 1) ?? '';
  if (options.known(name)) return { kind: 'machine' };
  const stop = signalNumber(rule.stopSignal ?? 'TERM') ?? SIGTERM;
  const traps = new Map([SIGTERM, SIGINT, SIGQUIT, stop].map((signal) => [signal, { delayMs: 0, exitCode: 0 }]));
  return { kind: 'server', program: { runsMs: Infinity, exitCode: 0, traps }, ports: portsOf(config, rule) };
}

/** Where an unknown server listens. */
function portsOf(config: ContainerConfig, rule: ImageRule): readonly number[] {
  return [...new Set([...rule.ports ?? [], ...config.ports.filter(({ protocol }) => protocol !== 'UDP').map((port) => port.containerPort)])];
}
