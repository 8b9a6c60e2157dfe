/** From a behaviour's script, as a user wrote it, to what the runtime follows: one instance of one container. */
import type { Prng } from '../../lib/prng.ts';
import { matches } from '../../programs/pattern.ts';
import { SIGINT, SIGKILL, SIGQUIT, SIGTERM, signalNumber } from '../../programs/signals.ts';
import type { ConstantTrap } from '../../programs/classify.ts';
import type { Asked, ContainerScript, ScriptedAnswer, ScriptedEnd, ScriptedListener, ScriptedProgram, ScriptedPull, Timeline } from '../../runtime/script.ts';
import type { BehaviorScript } from '../../schema/fakelet/behavior.ts';
import type { Duration, DurationOrNever } from '../../schema/fakelet/rule.ts';
import { parseQuantity, QuantityError } from '../../schema/values/quantity.ts';
import { drawMs } from '../rule-durations.ts';
import { RuleError } from '../rule-error.ts';

type Exit = NonNullable<BehaviorScript['exits']>[number];
type Answers = NonNullable<NonNullable<BehaviorScript['probes']>['readiness']>;

/** Compiles a script for one attempt. Throws RuleError, whose path starts at the script. */
export class ScriptCompiler {
  readonly #script: BehaviorScript;
  readonly #random: Prng;

  constructor(script: BehaviorScript, random: Prng) {
    this.#script = script;
    this.#random = random;
  }

  pulls(): readonly ScriptedPull[] | undefined {
    return this.#script.pull?.map(({ result, message, after }, i) => ({
      result, ...(message === undefined ? {} : { message }), ...(after === undefined ? {} : { tookMs: this.#ms(after, `pull.${i}.after`) }),
    }));
  }

  instance(attempt: number): ContainerScript {
    const { start, exec = [], log = [], usage } = this.#script;
    return {
      startDelayMs: this.#ms(start?.after, 'start.after'),
      startError: start?.error,
      program: this.#program(attempt),
      answers: this.#answers(),
      execs: exec.map(({ command, stdout = '', stderr = '', code = 0, delay }, i) => ({
        matches: (words) => matches(command, words.join(' ')), stdout, stderr, code, delayMs: this.#ms(delay, `exec.${i}.delay`),
      })),
      listeners: this.#listeners(),
      log: log.map(({ line, at, every, stream = 'stdout' }, i) => ({
        line, stream, atMs: this.#ms(at, `log.${i}.at`), everyMs: every === undefined ? Infinity : this.#period(every, `log.${i}.every`),
      })),
      usage: usage?.map(({ cpu = '0', memory = '0', for: length }, i) => ({
        value: { cpuNanoCores: quantity(cpu, `usage.${i}.cpu`) * 1e9, memoryBytes: quantity(memory, `usage.${i}.memory`) },
        forMs: length === undefined ? Infinity : this.#period(length, `usage.${i}.for`),
      })),
    };
  }

  /** The exit of this attempt and the reactions to signals; undefined when the script leaves the program alone. */
  #program(attempt: number): ScriptedProgram | undefined {
    const { exits, signals } = this.#script;
    if (!exits && !signals) return undefined;
    const traps = new Map<number, ConstantTrap>([SIGTERM, SIGINT, SIGQUIT].map((signal) => [signal, { delayMs: 0, exitCode: 0 }]));
    for (const [name, reaction] of Object.entries(signals ?? {})) {
      const signal = signalNumber(name);
      if (!signal || signal === SIGKILL) throw new RuleError(`signals.${name}`, 'no signal of this name can be handled');
      const delayMs = reaction === 'ignore' ? Infinity : this.#ms(reaction.after, `signals.${name}.after`);
      if (reaction === 'ignore' || delayMs === Infinity) traps.delete(signal);
      else traps.set(signal, { delayMs, exitCode: reaction.code ?? 0 });
    }
    const ends = (exits ?? []).map((exit, i) => ({ runsMs: this.#ms(exit.after, `exits.${i}.after`), end: endOf(exit, `exits.${i}`) }));
    return { ...(ends[Math.min(attempt, ends.length - 1)] ?? { runsMs: Infinity, end: { code: 0 } }), traps };
  }

  #answers(): ReadonlyMap<Asked, Timeline<ScriptedAnswer>> {
    const { probes = {}, hooks = {} } = this.#script;
    const all = [...Object.entries(probes).map(([kind, list]) => [kind, list, `probes.${kind}`] as const),
      ...Object.entries(hooks).map(([kind, list]) => [kind, list, `hooks.${kind}`] as const)];
    return new Map(all.map(([kind, list, path]) => [kind as Asked, this.#timeline(list, path)]));
  }

  #timeline(list: Answers, path: string): Timeline<ScriptedAnswer> {
    return list.map(({ result, output = '', delay, for: length }, i) => ({
      value: { ok: result === 'success', output, delayMs: this.#ms(delay, `${path}.${i}.delay`) },
      forMs: length === undefined ? Infinity : this.#period(length, `${path}.${i}.for`),
    }));
  }

  #listeners(): readonly ScriptedListener[] | undefined {
    return this.#script.listeners?.map(({ port, after, responses = [{}], health = [{ status: 'SERVING' }] }, i) => ({
      port, openMs: this.#ms(after, `listeners.${i}.after`),
      health: health.map(({ status, for: length }, j) => ({
        value: status, forMs: length === undefined ? Infinity : this.#period(length, `listeners.${i}.health.${j}.for`),
      })),
      responses: responses.map(({ path = '*', method: wanted, status = 200, headers = {}, body = '', delay, from, until }, j) => ({
        matches: (method, asked) => (wanted === undefined || wanted.toUpperCase() === method) && matches(path, asked),
        status, headers, body, delayMs: this.#ms(delay, `listeners.${i}.responses.${j}.delay`),
        fromMs: this.#ms(from, `listeners.${i}.responses.${j}.from`),
        untilMs: until === undefined ? Infinity : this.#ms(until, `listeners.${i}.responses.${j}.until`),
      })),
    }));
  }

  #ms(duration: DurationOrNever | undefined, path: string): number {
    return duration === undefined ? 0 : drawMs(duration, path, this.#random);
  }

  /** Something that repeats must take time, or the clock would never move on. */
  #period(duration: Duration, path: string): number {
    const ms = this.#ms(duration, path);
    if (ms < 1) throw new RuleError(path, 'it must be at least 1ms');
    return ms;
  }
}

function endOf({ code, signal, reason, message }: Exit, path: string): ScriptedEnd {
  const number = signal === undefined ? undefined : signalNumber(signal);
  if (signal !== undefined && !number) throw new RuleError(`${path}.signal`, `there is no signal '${signal}'`);
  return endedWith({ code, signal: number, reason, message });
}

/** The end that a code, a signal or a reason stand for. */
export function endedWith({ code, signal, reason, message }: {
  code: number | undefined; signal: number | undefined; reason: string | undefined; message: string | undefined;
}): ScriptedEnd {
  const byReason = reason === 'OOMKilled' ? 128 + SIGKILL : 0;
  return {
    code: code ?? (signal === undefined ? byReason : 128 + signal),
    ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }),
  };
}

function quantity(text: string, path: string): number {
  try {
    const value = Number(parseQuantity(text).milliValue()) / 1000;
    if (value < 0) throw new RuleError(path, `'${text}' is negative`);
    return value;
  } catch (error) {
    if (error instanceof QuantityError) throw new RuleError(path, `'${text}' is no quantity: ${error.message}`);
    throw error;
  }
}
