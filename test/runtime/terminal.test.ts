import { expect, it } from 'vitest';
import type { Container, StreamSession } from '../../src/runtime/runtime.ts';
import { makeNode, makeSandbox, run, type Node } from './node.ts';

interface Typed {
  readonly session: StreamSession;
  shown(): string;
  type(text: string): void;
}

/** A session with what it shows; a plain object answers what it is given. */
function watch(node: Node, open: (handlers: Parameters<Node['runtime']['attach']>[1]) => StreamSession): Typed & { exitCode: number | undefined; rooms: number } {
  let output = '';
  const typed = {
    exitCode: undefined as number | undefined, rooms: 0, shown: () => output.split('\r\n').join('\n'),
    session: open({
      onStdout: (data) => { output += Buffer.from(data).toString(); }, onStderr: () => {},
      onRoom: () => { typed.rooms++; }, onExit: (code) => { typed.exitCode = code; },
    }),
    type: (text: string) => {
      typed.session.write(Buffer.from(text));
      node.clock.runDue();
    },
  };
  node.clock.runDue();
  return typed;
}

const inTerminal = (node: Node, container: Container, ...command: string[]) =>
  watch(node, (handlers) => node.runtime.exec(container.id, command, { tty: true, stdin: true }, handlers));

function start(command: string[] = ['sleep', '1000'], more = {}) {
  const node = makeNode();
  return { node, container: run(node, makeSandbox(node), command, more) };
}

it('shows a prompt, what is typed and what comes of it', () => {
  const { node, container } = start();
  const shell = inTerminal(node, container, 'sh');
  shell.type('cd /tmp; echo "a\rb"\r');
  shell.type('exit 3\r');
  expect([shell.shown(), shell.exitCode]).toEqual(['/ # cd /tmp; echo "a\n> b"\na\nb\n/tmp # exit 3\n', 3]);
});

it('has the size that the client says, and tells of a new one', () => {
  const { node, container } = start();
  const session = inTerminal(node, container, 'sh', '-c', 'trap "stty size" WINCH; while sleep 1; do :; done');
  session.session.resize(100, 40);
  session.session.resize(100, 40);
  node.clock.advance(1000);
  session.session.resize(80, 25);
  node.clock.advance(1000);
  expect(session.shown()).toBe('40 100\n25 80\n');
});

it('gives an interactive bash COLUMNS and LINES', () => {
  const node = makeNode({ images: [] });
  const sandboxId = makeSandbox(node);
  node.runtime.pullImage('nginx:1.27', () => {});
  node.clock.runDue();
  const container = run(node, sandboxId, ['sleep', '1000'], { image: 'nginx:1.27' });
  const shell = inTerminal(node, container, 'bash');
  shell.session.resize(132, 43);
  shell.type('echo $COLUMNS x $LINES\r');
  expect(shell.shown()).toContain('\n132 x 43\n');
});

it('hides what is typed when it should', () => {
  const { node, container } = start();
  const session = inTerminal(node, container, 'sh', '-c', 'stty -echo; read secret; stty echo; read open; echo $secret $open');
  session.type('hidden\r');
  session.type('seen\r');
  expect(session.shown()).toBe('\nseen\nhidden seen\n');
});

it('numbers terminals, each as long as it is open', () => {
  const { node, container } = start();
  const first = inTerminal(node, container, 'sh', '-c', 'tty; read x');
  const second = inTerminal(node, container, 'sh', '-c', 'tty; read x');
  first.type('\r');
  const third = inTerminal(node, container, 'tty');
  expect([first.shown(), second.shown(), third.shown()]).toEqual(['/dev/pts/0\n\n', '/dev/pts/1\n', '/dev/pts/0\n']);
  expect(run(node, container.sandboxId, ['sh', '-c', 'tty; stty size'], { name: 'b' }).exitCode).toBe(1);
});

it('attaches to the terminal of a container: prompts, echo and size', () => {
  const { node, container } = start(['sh'], { tty: true, stdin: true });
  const attached = watch(node, (handlers) => node.runtime.attach(container.id, handlers));
  attached.session.resize(90, 30);
  attached.type('stty size; printf no-newline\r');
  expect(attached.shown()).toBe('stty size; printf no-newline\n30 90\nno-newline/ # ');
  expect(node.runtime.logs(container.id).lines.map(({ text }) => text)).toEqual(['/ # stty size; printf no-newline', '30 90']);
  attached.type('exit 5\r');
  expect([container.exitCode, attached.exitCode]).toEqual([5, 5]);
});

it('asks the client to wait while a program does not read, and says when it has', () => {
  const { node, container } = start();
  const session = watch(node, (handlers) => node.runtime.exec(container.id, ['sh', '-c', 'sleep 5; wc -c'], { tty: false, stdin: true }, handlers));
  const chunk = Buffer.alloc(40_000);
  expect([session.session.write(chunk), session.session.write(chunk), session.rooms]).toEqual([true, false, 0]);
  node.clock.advance(5000);
  expect([session.rooms, session.session.write(chunk)]).toEqual([1, true]);
  session.session.closeStdin();
  node.clock.runDue();
  expect([session.shown(), session.exitCode]).toEqual(['120000\n', 0]);
  const gone = watch(node, (handlers) => node.runtime.exec(container.id, ['sleep', '1'], { tty: false, stdin: true }, handlers));
  expect(gone.session.write(Buffer.alloc(100_000))).toBe(false);
  node.clock.advance(1000);
  expect([gone.rooms, gone.exitCode, gone.session.write(chunk)]).toEqual([1, 0, true]);
});
