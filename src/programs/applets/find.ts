/** find. */
import { attempt, Errno } from '../errno.ts';
import { dataOf, type FsNode } from '../files/nodes.ts';
import { matches } from '../pattern.ts';
import type { Process } from '../process.ts';
import { names, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { baseName } from './input.ts';
import { showUsage } from './options.ts';
import { resolveCommand, runChild } from './process-tools.ts';

interface Place {
  readonly path: string;
  readonly node: FsNode;
  pruned: boolean;
}

type Test = (place: Place) => Run<boolean>;

class FindFault extends Error {
  readonly withUsage: boolean;

  constructor(message: string, withUsage = false) {
    super(message);
    this.withUsage = withUsage;
  }
}

const types: Readonly<Record<string, FsNode['kind']>> = { f: 'file', d: 'directory', l: 'link', c: 'device', p: 'fifo' };

export function* find(process: Process): Run<number> {
  const args = process.args.slice(1);
  let at = 0;
  while (/^-[HL]+$/.test(args[at] ?? '')) at++;
  const follows = args.slice(0, at).some((arg) => arg.includes('L'));
  const paths: string[] = [];
  while (at < args.length && !/^[-(!]/.test(args[at]!)) paths.push(args[at++]!);
  try {
    const expression = new Expression(process, args.slice(at), follows);
    const test = expression.parse();
    let status = 0;
    for (const path of paths.length > 0 ? paths : ['.']) status = (yield* walk(process, expression, test, path, 0)) || status;
    yield* expression.finish();
    return status || expression.status;
  } catch (error) {
    if (!(error instanceof FindFault)) throw error;
    process.complain(`find: ${error.message}\n`);
    if (error.withUsage) showUsage(process, 'find');
    return 1;
  }
}

function* walk(process: Process, expression: Expression, test: Test, path: string, depth: number): Run<number> {
  const node = attempt(() => stat(process, path, expression.follows));
  if (node instanceof Errno) {
    process.complain(`find: ${path}: ${node.message}\n`);
    return 1;
  }
  if (process.step()) yield* process.pause();
  const place: Place = { path, node, pruned: false };
  let status = 0;
  const own = depth >= expression.depthMin;
  if (own && !expression.depthFirst) yield* test(place);
  if (node.kind === 'directory' && depth < expression.depthMax && !place.pruned) {
    const entries = attempt(() => names(process, path));
    if (entries instanceof Errno) {
      process.complain(`find: ${path}: ${entries.message}\n`);
      status = 1;
    } else for (const name of entries) status = (yield* walk(process, expression, test, path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1)) || status;
  }
  if (own && expression.depthFirst) yield* test(place);
  return status;
}

/** The tests and actions of one call. */
class Expression {
  depthMin = 0;
  depthMax = Infinity;
  depthFirst = false;
  follows: boolean;
  status = 0;
  readonly #process: Process;
  readonly #args: readonly string[];
  readonly #collected: { readonly command: readonly string[]; readonly paths: string[] }[] = [];
  #at = 0;
  #acts = false;

  constructor(process: Process, args: readonly string[], follows: boolean) {
    this.#process = process;
    this.#args = args;
    this.follows = follows;
  }

  parse(): Test {
    const test = this.#args.length > 0 ? this.#or() : constant(true);
    if (this.#at < this.#args.length) throw new FindFault(`unrecognized: ${this.#args[this.#at]}`, true);
    if (this.#acts) return test;
    const print = this.#print('\n');
    return function* (place) {
      return (yield* test(place)) && (yield* print(place));
    };
  }

  /** Runs what `-exec … +` has collected. */
  * finish(): Run<void> {
    for (const { command, paths } of this.#collected) if (paths.length > 0) yield* this.#execute([...command, ...paths]);
  }

  #or(): Test {
    const left = this.#and();
    if (this.#args[this.#at] !== '-o' && this.#args[this.#at] !== '-or') return left;
    this.#at++;
    const right = this.#or();
    return function* (place) {
      return (yield* left(place)) || (yield* right(place));
    };
  }

  #and(): Test {
    const left = this.#not();
    if (this.#args[this.#at] === '-a' || this.#args[this.#at] === '-and') this.#at++;
    const next = this.#args[this.#at];
    if (next === undefined || next === '-o' || next === '-or' || next === ')') return left;
    const right = this.#and();
    return function* (place) {
      return (yield* left(place)) && (yield* right(place));
    };
  }

  #not(): Test {
    const arg = this.#args[this.#at];
    if (arg === '!' || arg === '-not') {
      this.#at++;
      const inner = this.#not();
      return function* (place) {
        return !(yield* inner(place));
      };
    }
    if (arg !== '(') return this.#primary();
    this.#at++;
    const inner = this.#or();
    if (this.#args[this.#at++] !== ')') throw new FindFault('unpaired \'(\'');
    return inner;
  }

  #operand(name: string): string {
    const operand = this.#args[this.#at++];
    if (operand === undefined) throw new FindFault(`${name} requires an argument`);
    return operand;
  }

  #primary(): Test {
    const name = this.#args[this.#at++]!;
    switch (name) {
      case '-name': return this.#byPattern(name, (place) => lastPart(place.path));
      case '-iname': return this.#byPattern(name, (place) => lastPart(place.path).toLowerCase(), true);
      case '-path':
      case '-wholename': return this.#byPattern(name, (place) => place.path);
      case '-type': {
        const letter = this.#operand(name);
        const kind = types[letter];
        if (kind === undefined) throw new FindFault(`invalid argument '${letter}' to '-type'`);
        return simple((place) => place.node.kind === kind);
      }
      case '-maxdepth': this.depthMax = Number(this.#operand(name));
        return constant(true);
      case '-mindepth': this.depthMin = Number(this.#operand(name));
        return constant(true);
      case '-depth': this.depthFirst = true;
        return constant(true);
      case '-follow': this.follows = true;
        return constant(true);
      case '-xdev':
      case '-mount': return constant(true);
      case '-empty': return simple(({ node }) => (node.kind === 'file' ? dataOf(node) === '' : node.kind === 'directory' && node.entries.size === 0));
      case '-newer': {
        const { modifiedAt } = stat(this.#process, this.#operand(name));
        return simple((place) => place.node.modifiedAt > modifiedAt);
      }
      case '-mtime':
      case '-mmin': {
        const unitMs = name === '-mtime' ? 86_400_000 : 60_000;
        return this.#byNumber(name, (place) => Math.floor((this.#process.machine.clock.now() - place.node.modifiedAt) / unitMs));
      }
      case '-size': return this.#bySize(this.#operand(name));
      case '-perm': return byMode(this.#operand(name));
      case '-user': return this.#byOwner(this.#operand(name));
      case '-links': return this.#byNumber(name, (place) => place.node.links);
      case '-prune': return simple((place) => {
        place.pruned = true;
        return true;
      });
      case '-print':
      case '-print0': this.#acts = true;
        return this.#print(name === '-print' ? '\n' : '\0');
      case '-exec': return this.#exec();
      default: throw new FindFault(`unrecognized: ${name}`, true);
    }
  }

  #byPattern(name: string, text: (place: Place) => string, folds = false): Test {
    const pattern = this.#operand(name);
    return simple((place) => matches(folds ? pattern.toLowerCase() : pattern, text(place)));
  }

  #byNumber(name: string, value: (place: Place) => number): Test {
    const text = this.#operand(name);
    return simple((place) => compares(text, value(place)));
  }

  #bySize(text: string): Test {
    const unit = { c: 1, k: 1024, w: 2, b: 512 }[text.at(-1)!] ?? 512;
    const number = text.replace(/[ckwb]$/, '');
    return simple((place) => compares(number, Math.ceil((place.node.kind === 'file' ? dataOf(place.node).length : 4096) / unit)));
  }

  #byOwner(name: string): Test {
    const uid = this.#process.machine.users().find((user) => user.name === name)?.uid ?? Number(name);
    return simple((place) => place.node.uid === uid);
  }

  #print(end: string): Test {
    const process = this.#process;
    return function* (place) {
      process.print(place.path + end);
      yield* process.flush(4096);
      return true;
    };
  }

  #exec(): Test {
    this.#acts = true;
    const rest = this.#args.slice(this.#at);
    const end = rest.findIndex((arg, i) => arg === ';' || (arg === '+' && rest[i - 1] === '{}'));
    if (end < 0) throw new FindFault('-exec requires an argument');
    this.#at += end + 1;
    const command = rest.slice(0, end);
    if (rest[end] === '+') {
      const collected = { command: command.slice(0, -1), paths: [] as string[] };
      this.#collected.push(collected);
      return simple((place) => collected.paths.push(place.path) > 0);
    }
    const execute = (args: readonly string[]): Run<boolean> => this.#execute(args);
    return function* (place) {
      return yield* execute(command.map((word) => word.replaceAll('{}', place.path)));
    };
  }

  * #execute(args: readonly string[]): Run<boolean> {
    yield* this.#process.flush();
    const found = resolveCommand(this.#process, args);
    if (found instanceof Errno) {
      this.#process.complain(`find: ${args[0]}: ${found.message}\n`);
      return false;
    }
    const { code } = yield* runChild(this.#process, found);
    if (code !== 0 && this.#collected.length > 0) this.status = 1;
    return code === 0;
  }
}

function simple(test: (place: Place) => boolean): Test {
  // eslint-disable-next-line require-yield
  return function* (place) {
    return test(place);
  };
}

const constant = (value: boolean): Test => simple(() => value);

function compares(text: string, value: number): boolean {
  const number = Number(text.replace(/^[-+]/, ''));
  return text.startsWith('+') ? value > number : text.startsWith('-') ? value < number : value === number;
}

function byMode(text: string): Test {
  const mode = Number.parseInt(text.replace(/^[-+/]/, ''), 8);
  return simple(({ node }) => {
    if (text.startsWith('-')) return (node.mode & mode) === mode;
    return text.startsWith('+') || text.startsWith('/') ? (node.mode & mode) !== 0 : (node.mode & 0o7777) === mode;
  });
}

/** The last part of a path, whatever slashes end it; of `/`, itself. */
const lastPart = (path: string): string => (/^\/+$/.test(path) ? '/' : baseName(path.replace(/\/+$/, '')));
