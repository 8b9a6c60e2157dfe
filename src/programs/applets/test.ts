/** test, [ and [[ as busybox evaluates them. */
import { attempt, Errno } from '../errno.ts';
import { dataOf, sizeOf, type FsNode } from '../files/nodes.ts';
import { access, allowed } from '../files/tree.ts';
import type { Process } from '../process.ts';
import { stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';

class TestFault extends Error {}

const unary = /^-[abcdefghknoprstuwxzGLNOS]$/;
const binary: ReadonlySet<string> = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

export function* test(process: Process, words: readonly string[], name: string): Run<number> {
  let args = words.slice(1);
  const closing = words[0] === '[' ? ']' : words[0] === '[[' ? ']]' : undefined;
  if (closing !== undefined) {
    if (args.at(-1) !== closing) {
      process.complain(`${name}: missing ${closing}\n`);
      return 2;
    }
    args = args.slice(0, -1);
  }
  try {
    return new Expression(process, args).value() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestFault)) throw error;
    process.complain(`${name}: ${error.message}\n`);
    return 2;
  }
}

class Expression {
  readonly #process: Process;
  readonly #args: readonly string[];
  #at = 0;

  constructor(process: Process, args: readonly string[]) {
    this.#process = process;
    this.#args = args;
  }

  value(): boolean {
    const args = this.#args;
    switch (args.length) {
      case 0: return false;
      case 1: return args[0] !== '';
      case 2: if (args[0] === '!') return args[1] === '';
        break;
      case 3: if (binary.has(args[1]!)) return this.#binary(args[0]!, args[1]!, args[2]!);
        if (args[0] === '!' && !unary.test(args[1]!)) return args[2] === '' || !new Expression(this.#process, args.slice(1)).value();
        break;
      case 4: if (args[0] === '!') return !new Expression(this.#process, args.slice(1)).value();
        break;
      default:
    }
    const result = this.#or();
    if (this.#at < args.length) throw new TestFault(`${args[this.#at]}: unknown operand`);
    return result;
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#args[this.#at] === '-o') {
      this.#at++;
      result = this.#and() || result;
    }
    return result;
  }

  #and(): boolean {
    let result = this.#not();
    while (this.#args[this.#at] === '-a') {
      this.#at++;
      result = this.#not() && result;
    }
    return result;
  }

  #not(): boolean {
    if (this.#args[this.#at] !== '!' || this.#at + 1 >= this.#args.length) return this.#primary();
    this.#at++;
    return !this.#not();
  }

  #primary(): boolean {
    const first = this.#args[this.#at];
    if (first === undefined) throw new TestFault('argument expected');
    const second = this.#args[this.#at + 1];
    if (first === '(' && second !== undefined) {
      this.#at++;
      const result = this.#or();
      if (this.#args[this.#at] !== ')') throw new TestFault('closing paren expected');
      this.#at++;
      return result;
    }
    if (second !== undefined && binary.has(second)) {
      const third = this.#args[this.#at + 2];
      if (third === undefined) throw new TestFault(`${second}: argument expected`);
      this.#at += 3;
      return this.#binary(first, second, third);
    }
    if (unary.test(first) && second !== undefined) {
      this.#at += 2;
      return this.#unary(first, second);
    }
    this.#at++;
    return first !== '';
  }

  #binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case '=':
      case '==': return left === right;
      case '!=': return left !== right;
      case '<': return left < right;
      case '>': return left > right;
      case '-eq': return number(left) === number(right);
      case '-ne': return number(left) !== number(right);
      case '-lt': return number(left) < number(right);
      case '-le': return number(left) <= number(right);
      case '-gt': return number(left) > number(right);
      case '-ge': return number(left) >= number(right);
      default: return this.#compareFiles(left, operator, right);
    }
  }

  #compareFiles(left: string, operator: string, right: string): boolean {
    const a = this.#node(left);
    const b = this.#node(right);
    if (operator === '-ef') return a !== undefined && a === b;
    if (!a || !b) return operator === '-nt' ? a !== undefined : b !== undefined;
    // busybox compares whole seconds.
    const seconds = ({ modifiedAt }: FsNode) => Math.floor(modifiedAt / 1000);
    return operator === '-nt' ? seconds(a) > seconds(b) : seconds(a) < seconds(b);
  }

  #node(path: string, follow = true): FsNode | undefined {
    const node = attempt(() => stat(this.#process, path, follow));
    return node instanceof Errno ? undefined : node;
  }

  #unary(operator: string, operand: string): boolean {
    if (operator === '-z') return operand === '';
    if (operator === '-n') return operand !== '';
    if (operator === '-t') return this.#process.files[number(operand)]?.isTerminal === true;
    const node = this.#node(operand, operator !== '-L' && operator !== '-h');
    return node !== undefined && fileTest(operator, node, this.#process);
  }
}

function fileTest(operator: string, node: FsNode, process: Process): boolean {
  switch (operator) {
    case '-f': return node.kind === 'file';
    case '-d': return node.kind === 'directory';
    case '-L':
    case '-h': return node.kind === 'link';
    case '-p': return node.kind === 'fifo';
    case '-c': return node.kind === 'device';
    case '-b':
    case '-S': return false;
    case '-s': return node.kind === 'file' ? dataOf(node).length > 0 : sizeOf(node) > 0;
    case '-r': return allowed(node, process.credentials, access.read);
    case '-w': return allowed(node, process.credentials, access.write);
    case '-x': return allowed(node, process.credentials, access.execute);
    case '-u': return (node.mode & 0o4000) !== 0;
    case '-g': return (node.mode & 0o2000) !== 0;
    case '-k': return (node.mode & 0o1000) !== 0;
    case '-O': return node.uid === process.credentials.uid;
    case '-G': return node.gid === process.credentials.gid;
    default: return true;
  }
}

function number(text: string): number {
  if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
  throw new TestFault(text === '' ? 'bad number' : `${text}: bad number`);
}
