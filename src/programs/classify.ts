/**
 * Recognises constant programs: those whose whole life is known beforehand (`sleep N`, `exit N`, `while true; do sleep 5;
 * done`, `trap 'exit 0' TERM; sleep 1000 & wait` …). They cost one timer or none, and no process, shell or file.
 */
import { durationMs } from './applets/basic.ts';
import { literal, SyntaxFault, type Command, type Node } from './shell/ast.ts';
import { Parser } from './shell/parse.ts';
import { signalNumber } from './signals.ts';

/** What a signal does to it: exits after a while, or nothing. */
export interface ConstantTrap {
  readonly delayMs: number;
  readonly exitCode: number;
}

export interface ConstantProgram {
  /** Time until it ends by itself; Infinity: never. */
  readonly runsMs: number;
  readonly exitCode: number;
  /** Handlers by signal number. A process 1 ignores all other signals but SIGKILL. */
  readonly traps: ReadonlyMap<number, ConstantTrap>;
}

const cache = new Map<string, ConstantProgram | undefined>();
const cacheMax = 1_000;

/** The constant program that a command line is; undefined when it must be run to know. */
export function classify(args: readonly string[]): ConstantProgram | undefined {
  const name = baseName(args[0] ?? '');
  if (name === 'sleep') return sleeping(args.slice(1));
  if (name === 'tail' && args.length === 3 && args[1] === '-f' && args[2] === '/dev/null') return { runsMs: Infinity, exitCode: 0, traps: new Map() };
  if (name === 'true' || name === 'false') return { runsMs: 0, exitCode: name === 'true' ? 0 : 1, traps: new Map() };
  if ((name !== 'sh' && name !== 'ash') || args[1] !== '-c' || args.length !== 3) return undefined;
  const text = args[2]!;
  if (text.length > 500) return undefined;
  if (!cache.has(text)) {
    if (cache.size >= cacheMax) cache.clear();
    cache.set(text, classifyScript(text));
  }
  return cache.get(text);
}

function sleeping(durations: readonly string[]): ConstantProgram | undefined {
  const times = durations.map(durationMs);
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return { runsMs: times.reduce<number>((sum, ms) => sum + ms!, 0), exitCode: 0, traps: new Map() };
}

function classifyScript(text: string): ConstantProgram | undefined {
  try {
    const parser = new Parser(text);
    const nodes: Node[] = [];
    for (let node = parser.next(); node; node = parser.next()) nodes.push(...(node.type === 'list' ? node.items : [node]));
    return new Life().of(nodes);
  } catch (error) {
    if (error instanceof SyntaxFault) return undefined;
    throw error;
  }
}

/** Walks through the commands and adds up their times. */
class Life {
  #runsMs = 0;
  #status = 0;
  #backgroundMs: number | undefined;
  #foreground = false;
  readonly #traps = new Map<number, ConstantTrap>();

  of(nodes: readonly Node[]): ConstantProgram | undefined {
    for (const node of nodes) {
      const known = this.#add(node);
      if (known === 'unknown') return undefined;
      if (known === 'ends') break;
    }
    return { runsMs: this.#runsMs, exitCode: this.#status, traps: this.#traps };
  }

  #add(node: Node): 'goesOn' | 'ends' | 'unknown' {
    if (node.type === 'background') return this.#background(node.body);
    if (node.type === 'while') return isEndlessSleep(node) && this.#mayWaitInForeground() ? this.#runForEver() : 'unknown';
    const words = literalWords(node);
    if (!words) return 'unknown';
    const name = words[0] === 'exec' ? words[1] : words[0];
    const args = words.slice(words[0] === 'exec' ? 2 : 1);
    switch (name) {
      case 'sleep': return this.#sleep(args, words[0] === 'exec');
      case 'exit': {
        if (args.length > 1 || !/^\d+$/.test(args[0] ?? '0')) return 'unknown';
        if (args[0] !== undefined) this.#status = Number(args[0]) & 255;
        return 'ends';
      }
      case 'true':
      case ':':
      case 'false':
        this.#status = name === 'false' ? 1 : 0;
        return words[0] === 'exec' ? 'ends' : 'goesOn';
      case 'wait': return this.#wait(args);
      case 'trap': return this.#trap(args);
      default: return 'unknown';
    }
  }

  /** A trap has to wait for the foreground: that is not constant any more. */
  #mayWaitInForeground(): boolean {
    return this.#traps.size === 0;
  }

  #runForEver(): 'ends' {
    this.#runsMs = Infinity;
    return 'ends';
  }

  #sleep(args: readonly string[], last: boolean): 'goesOn' | 'ends' | 'unknown' {
    const life = sleeping(args);
    if (!life || !this.#mayWaitInForeground() || this.#backgroundMs !== undefined) return 'unknown';
    this.#runsMs += life.runsMs;
    this.#status = 0;
    this.#foreground = true;
    return last ? 'ends' : 'goesOn';
  }

  #background(body: Node): 'goesOn' | 'unknown' {
    const words = literalWords(body);
    const life = words?.[0] === 'sleep' ? sleeping(words.slice(1)) : undefined;
    if (!life || this.#backgroundMs !== undefined) return 'unknown';
    this.#backgroundMs = life.runsMs;
    this.#status = 0;
    return 'goesOn';
  }

  #wait(args: readonly string[]): 'goesOn' | 'unknown' {
    if (args.length > 0 || this.#backgroundMs === undefined) return 'unknown';
    this.#runsMs += this.#backgroundMs;
    this.#status = 0;
    return 'goesOn';
  }

  #trap(args: readonly string[]): 'goesOn' | 'unknown' {
    const [action, ...signals] = args;
    if (action === undefined || signals.length === 0 || this.#foreground || this.#backgroundMs !== undefined) return 'unknown';
    const trap = action === '' ? undefined : trapAction(action);
    if (action !== '' && !trap) return 'unknown';
    for (const name of signals) {
      const signal = signalNumber(name);
      if (signal === undefined || signal === 0) return 'unknown';
      if (trap) this.#traps.set(signal, trap);
      else this.#traps.delete(signal);
    }
    return 'goesOn';
  }
}

/** `exit N` or `sleep M; exit N`. */
function trapAction(text: string): ConstantTrap | undefined {
  const match = /^(?:sleep (\S+); *)?exit (\d+)$/.exec(text.trim());
  const delayMs = match?.[1] === undefined ? 0 : durationMs(match[1]);
  return match && delayMs !== undefined ? { delayMs, exitCode: Number(match[2]) & 255 } : undefined;
}

function isEndlessSleep(node: Node & { type: 'while' }): boolean {
  const test = literalWords(node.test);
  const body = literalWords(node.body);
  return !node.until && test?.length === 1 && (test[0] === 'true' || test[0] === ':')
    && body?.[0] === 'sleep' && body.length === 2 && (durationMs(body[1]!) ?? 0) > 0;
}

/** The words of a simple command without expansions, assignments and redirections. */
function literalWords(node: Node): string[] | undefined {
  if (node.type !== 'command') return undefined;
  const command: Command = node;
  if (command.assignments.length > 0 || command.redirects.length > 0 || command.words.length === 0) return undefined;
  const words = command.words.map(literal);
  return words.every((word) => word !== undefined && !/[*?[~]/.test(word)) ? words as string[] : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
