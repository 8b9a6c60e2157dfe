/** Evaluates the syntax tree. `tail` says that nothing follows: the last command may take the shell's place. */
import { programLimits } from '../limits.ts';
import { Exit } from '../exit.ts';
import type { Process } from '../process.ts';
import { matches } from '../pattern.ts';
import { Pipe } from '../pipe.ts';
import { SIGINT, SIGQUIT } from '../signals.ts';
import { forReading, open } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import type { Node, Redirect } from './ast.ts';
import { runCommand } from './command.ts';
import { expandPattern, expandText, expandWords } from './expand.ts';
import { addJob, waitForeground } from './jobs.ts';
import { applyRedirects, restoreFiles, type SavedFile } from './redirect.ts';
import type { Shell, Variable } from './shell.ts';
import { forkShell } from './subshell.ts';
import { runErrTrap, runTraps } from './traps.ts';

/** Runs a node and leaves its status in `shell.status`. */
export function* evaluate(shell: Shell, node: Node, tail = false): Run<void> {
  if (shell.process.step()) yield* shell.process.pause();
  switch (node.type) {
    case 'command':
      yield* runCommand(shell, node, tail && shell.traps.size === 0);
      if (shell.status !== 0) yield* checkExit(shell);
      break;
    case 'pipeline':
      yield* pipeline(shell, node.commands);
      yield* checkExit(shell);
      break;
    case 'subshell':
      yield* subshell(shell, node.body, node.redirects);
      yield* checkExit(shell);
      break;
    case 'list':
      for (const [i, item] of node.items.entries()) {
        yield* evaluate(shell, item, tail && i === node.items.length - 1);
        if (shell.leaving || shell.flags.has('n')) return;
      }
      break;
    case 'not':
      yield* test(shell, node.body);
      if (!shell.leaving) shell.status = shell.status === 0 ? 1 : 0;
      break;
    case 'and':
    case 'or':
      yield* test(shell, node.left);
      if (!shell.leaving && (shell.status === 0) === (node.type === 'and')) yield* evaluate(shell, node.right, tail);
      break;
    case 'background': background(shell, node.body); break;
    case 'redirected': yield* redirected(shell, node.body, node.redirects); break;
    case 'if': yield* conditional(shell, node, tail); break;
    case 'while': yield* whileLoop(shell, node); break;
    case 'for': yield* forLoop(shell, node); break;
    case 'case': yield* caseOf(shell, node, tail); break;
    default:
      shell.functions.set(node.name, node.body);
      shell.status = 0;
  }
  if (shell.process.pending.length > 0) yield* runTraps(shell);
}

/** A command whose failure is looked at: `set -e` does not act on it. */
function* test(shell: Shell, node: Node): Run<void> {
  shell.tested++;
  yield* evaluate(shell, node);
  shell.tested--;
}

function* checkExit(shell: Shell): Run<void> {
  if (shell.status === 0 || shell.tested > 0) return;
  if (shell.errTrap !== undefined) yield* runErrTrap(shell);
  if (!shell.flags.has('e')) return;
  if (shell.process.pending.length > 0) yield* runTraps(shell);
  throw new Exit(shell.status);
}

function* pipeline(shell: Shell, commands: readonly Node[]): Run<void> {
  const children: Process[] = [];
  const { process } = shell;
  let input = process.files[0];
  input?.retain();
  for (const [i, command] of commands.entries()) {
    const pipe = i < commands.length - 1 ? new Pipe() : undefined;
    const files = [...process.files];
    files[0] = input;
    const writer = pipe?.writer();
    if (writer) files[1] = writer;
    const child = forkShell(shell, files, (sub) => evaluate(sub, command, true));
    children.push(child);
    input?.release();
    input = pipe?.reader();
    input?.retain();
  }
  const statuses = yield* waitForeground(shell, children);
  const failed = statuses.findLast((status) => status.code !== 0);
  shell.status = shell.flags.has('pipefail') ? failed?.code ?? 0 : statuses.at(-1)!.code;
}

function* subshell(shell: Shell, body: Node, redirects: readonly Redirect[]): Run<void> {
  const child = forkShell(shell, shell.process.files, function* (sub): Run<void> {
    if ((yield* applyRedirects(sub, redirects)) === undefined) sub.status = 1;
    else yield* evaluate(sub, body, true);
  });
  const [status] = yield* waitForeground(shell, [child]);
  shell.status = status!.code;
}

/** `&`: the child ignores the keyboard's signals and reads nothing. */
function background(shell: Shell, body: Node): void {
  const files = [...shell.process.files];
  files[0] = open(shell.process, '/dev/null', forReading);
  const commands = body.type === 'pipeline' ? body : undefined;
  const child = forkShell(shell, files, (sub) => (commands ? pipeline(sub, commands.commands) : evaluate(sub, body, true)));
  child.ignored.add(SIGINT).add(SIGQUIT);
  addJob(shell, [child]);
  shell.status = 0;
}

function* redirected(shell: Shell, body: Node, redirects: readonly Redirect[]): Run<void> {
  const saved: SavedFile[] | undefined = yield* applyRedirects(shell, redirects);
  if (!saved) {
    shell.status = 1;
    return yield* checkExit(shell);
  }
  yield* evaluate(shell, body);
  restoreFiles(shell.process, saved);
}

function* conditional(shell: Shell, node: Node & { type: 'if' }, tail: boolean): Run<void> {
  yield* test(shell, node.test);
  if (shell.leaving) return;
  const branch = shell.status === 0 ? node.then : node.otherwise;
  if (branch) yield* evaluate(shell, branch, tail);
  else shell.status = 0;
}

/** Whether a loop goes on after its body, when `break`, `continue` or `return` may be on their way. */
function goesOn(shell: Shell): boolean {
  const { leaving } = shell;
  if (!leaving) return true;
  if (leaving.kind === 'return') return false;
  if (--leaving.levels > 0) return false;
  shell.leaving = undefined;
  return leaving.kind === 'continue';
}

function* whileLoop(shell: Shell, node: Node & { type: 'while' }): Run<void> {
  let status = 0;
  shell.loops++;
  for (;;) {
    yield* test(shell, node.test);
    if (shell.leaving) {
      if (!goesOn(shell)) break;
      continue;
    }
    if ((shell.status === 0) === node.until) break;
    yield* evaluate(shell, node.body);
    status = shell.status;
    if (!goesOn(shell)) break;
  }
  shell.loops--;
  if (!shell.leaving) shell.status = status;
}

function* forLoop(shell: Shell, node: Node & { type: 'for' }): Run<void> {
  const values = node.words ? yield* expandWords(shell, node.words) : shell.parameters;
  shell.loops++;
  if (values.length === 0) shell.status = 0;
  for (const value of values) {
    shell.set(node.name, value);
    yield* evaluate(shell, node.body);
    if (!goesOn(shell)) break;
  }
  shell.loops--;
}

function* caseOf(shell: Shell, node: Node & { type: 'case' }, tail: boolean): Run<void> {
  const text = yield* expandText(shell, node.word);
  for (const { patterns, body } of node.items) {
    for (const pattern of patterns) {
      if (!matches(yield* expandPattern(shell, pattern), text)) continue;
      if (body) return yield* evaluate(shell, body, tail);
      shell.status = 0;
      return;
    }
  }
  shell.status = 0;
}

/** Runs a function's body. Bounded like the stack of the real one. Variables that were assigned before its name are among its locals. */
export function* callFunction(shell: Shell, body: Node, args: readonly string[], assigned: readonly (readonly [string, Variable | undefined])[]): Run<void> {
  if (shell.functionDepth >= programLimits.shellDepthMax) {
    shell.process.exit({ code: 139, signal: 11 });
    yield { queues: [] };
  }
  const { parameters, locals, loops, getoptsAt } = shell;
  shell.parameters = args;
  shell.locals = new Map(assigned);
  shell.loops = 0;
  shell.functionDepth++;
  yield* evaluate(shell, body);
  shell.functionDepth--;
  if (shell.leaving?.kind === 'return') shell.leaving = undefined;
  for (const [name, variable] of shell.locals) shell.restore(name, variable);
  Object.assign(shell, { parameters, locals, loops, getoptsAt });
}
