/** How programs written in Go behave: flags, logs, durations, signals, error texts. */
import { Errno } from '../errno.ts';
import { encodeText } from '../bytes.ts';
import type { Process } from '../process.ts';
import { SIGHUP, SIGINT, SIGQUIT, SIGTERM } from '../signals.ts';
import type { Run } from '../wait.ts';
import { forever, say, untilSignal } from './serving.ts';

/** Flags of a command by name: their defaults. A one-letter name in `short` stands for another. */
export interface FlagSet {
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
  readonly short?: Readonly<Record<string, string>>;
}

export interface Flags {
  text(name: string): string;
  number(name: string): number;
  on(name: string): boolean;
  readonly rest: readonly string[];
}

/** Reads flags as pflag does. A text says what is wrong with them. */
export function parseFlags(args: readonly string[], set: FlagSet): Flags | string {
  const values = new Map<string, string>(Object.entries(set.defaults).map(([name, value]) => [name, String(value)]));
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    const match = /^(?:--([^=]+)(=.*)?|-(\w)(.*))$/s.exec(arg);
    if (!match || arg === '-') {
      rest.push(arg);
      continue;
    }
    const name = match[1] ?? set.short?.[match[3]!] ?? '';
    const type = typeof set.defaults[name];
    if (type === 'undefined') return match[1] === undefined ? `unknown shorthand flag: '${match[3]}' in ${arg}` : `unknown flag: --${match[1]}`;
    const attached = match[2]?.slice(1) ?? (match[4] === '' ? undefined : match[4]?.replace(/^=/, ''));
    const value = attached ?? (type === 'boolean' ? 'true' : args[++i]);
    if (value === undefined) return match[1] === undefined ? `flag needs an argument: '${match[3]}' in ${arg}` : `flag needs an argument: --${name}`;
    if (type === 'number' && !/^[-+]?\d+$/.test(value)) {
      return `invalid argument "${value}" for "${shownFlag(set, name)}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`;
    }
    values.set(name, value);
  }
  return { text: (name) => values.get(name)!, number: (name) => Number(values.get(name)), on: (name) => /^(true|t|1)$/i.test(values.get(name)!), rest };
}

function shownFlag(set: FlagSet, name: string): string {
  const letter = Object.entries(set.short ?? {}).find(([, long]) => long === name)?.[0];
  return letter === undefined ? `--${name}` : `-${letter}, --${name}`;
}

const nanosPer: Readonly<Record<string, number>> = { ns: 1, us: 1e3, 'µs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Milliseconds of a Go duration (`1h10m`, `1.5s`, `0`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+|0)$/.exec(text);
  if (!match) return undefined;
  const nanos = [...match[2]!.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * nanosPer[unit!]!, 0);
  return (match[1] === '-' ? -nanos : nanos) / 1e6;
}

/** A duration as Go prints it. */
export function durationText(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A line of klog at level info, on standard error. */
export function klog(process: Process, source: string, text: string, level = 'I'): void {
  const at = new Date(process.machine.clock.now());
  const time = `${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  const micros = String(Math.floor(at.getTime() % 1000)).padStart(3, '0');
  say(process, 2, encodeText(`${level}${time}.${micros}000 ${String(process.pid).padStart(7)} ${source}] ${text.replace(/\n$/, '')}\n`));
}

/** A line of the standard logger, which these programs send through klog. */
export function log(process: Process, text: string): void {
  klog(process, 'log.go:245', text);
}

/** Waits as a program without handlers: Go ends process 1 with status 2 where the kernel would not. */
export function* waitForEver(process: Process): Run<number> {
  if (process.pid !== 1) return yield* forever();
  yield* untilSignal(process, [SIGHUP, SIGINT, SIGQUIT, SIGTERM]);
  return 2;
}

/** A failed file operation in Go's words. */
export function fileError(operation: string, path: string, error: Errno): string {
  return `${operation} ${path}: ${error.message.toLowerCase()}`;
}
