/** Containers that see one another's processes: shareProcessNamespace, and ephemeral containers with a target. */
import { describe, expect, it } from 'vitest';
import { builtInImages } from '../../src/runtime/built-in-images.ts';
import { config, exec, makeNode, makeSandbox, run, type Node } from './node.ts';

const sh = (script: string) => ['sh', '-c', script];

const output = (node: Node, id: string) => node.runtime.logs(id).lines.map(({ text }) => text);

describe('a Pod that shares its process namespace', () => {
  const makeShared = (node: Node) => makeSandbox(node, 'pod-1', { shareProcessNamespace: true });

  it('has pause as process 1, of its own user', () => {
    const node = makeNode();
    const container = run(node, makeShared(node), ['sleep', '1000']);
    expect(exec(node, container, sh('ps | head -3'))?.output).toBe('PID   USER     COMMAND\n    1 65535    /pause\n    2 root     sleep 1000\n');
  });

  it('lets one container signal the program of another', () => {
    const node = makeNode();
    const sandbox = makeShared(node);
    const server = run(node, sandbox, sh("trap 'echo reloaded' HUP; trap 'exit 3' TERM; while true; do sleep 1 & wait $!; done"), { name: 'server' });
    const reloader = run(node, sandbox, sh('sleep 2; pid=$(pidof sh | tr " " "\\n" | sort -n | head -1); kill -HUP $pid; sleep 2; kill $pid; sleep 10'), { name: 'reloader' });
    node.clock.advance(3000);
    expect(output(node, server.id)).toEqual(['reloaded']);
    node.clock.advance(2000);
    expect(server).toMatchObject({ state: 'exited', exitCode: 3 });
    expect(reloader.state).toBe('running');
  });

  it('ends a program that handles no signal at once, as it is not process 1', () => {
    const node = makeNode();
    const container = run(node, makeShared(node), ['sleep', '1000']);
    node.runtime.stopContainer(container.id, 10_000, () => {});
    node.clock.runDue();
    expect(container).toMatchObject({ state: 'exited', exitCode: 143 });
  });

  it('lets a container kill a server that is not emulated', () => {
    const node = makeNode({ images: [{ name: 'busybox:1.36', onNode: true, contents: 'busybox' }, { name: 'app:1', onNode: true }] });
    const sandbox = makeShared(node);
    const server = run(node, sandbox, ['/app'], { name: 'server', image: 'app:1' });
    run(node, sandbox, sh('sleep 1; killall -9 app; sleep 5'), { name: 'b' });
    node.clock.advance(1000);
    expect(server).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('finds a server by its name, whatever it wrote over its arguments', () => {
    const node = makeNode({ images: [{ name: 'busybox:1.36', onNode: true, contents: 'busybox' }, ...builtInImages.map((rule) => ({ ...rule, onNode: true }))] });
    const sandbox = makeShared(node);
    run(node, sandbox, ['nginx', '-g', 'daemon off;'], { name: 'web', image: 'nginx:1.27' });
    const shell = run(node, sandbox, ['sleep', '1000'], { name: 'shell' });
    expect(exec(node, shell, sh('pidof nginx; cat /proc/2/comm; head -1 /proc/3/status'))?.output).toBe('3 2\nnginx\nName:\tnginx\n');
  });

  it('gives orphans to pause and ends with a container what it started', () => {
    const node = makeNode();
    const sandbox = makeShared(node);
    const first = run(node, sandbox, sh('(sleep 100 & echo $!); sleep 1'), { name: 'first' });
    const other = run(node, sandbox, ['sleep', '1000'], { name: 'other' });
    const orphan = output(node, first.id)[0]!;
    expect(exec(node, other, sh(`cut -d " " -f 4 /proc/${orphan}/stat`))?.output).toBe('1\n');
    node.clock.advance(1000);
    expect(first.state).toBe('exited');
    expect(exec(node, other, sh(`test -d /proc/${orphan}`))?.exitCode).toBe(1);
    expect(other.state).toBe('running');
  });

  it('loses its sandbox and all containers when pause is signalled', () => {
    const node = makeNode();
    const sandbox = makeShared(node);
    const other = run(node, sandbox, ['sleep', '1000'], { name: 'other' });
    run(node, sandbox, sh('sleep 1; kill 1; sleep 10'));
    node.clock.advance(1000);
    expect(other).toMatchObject({ state: 'exited', exitCode: 137 });
    expect(node.runtime.sandboxes('pod-1')).toMatchObject([{ state: 'notReady' }]);
    expect(node.events.at(-1)).toMatchObject({ type: 'sandboxStopped' });
  });

  it('does not let a user signal the processes of others', () => {
    const node = makeNode();
    const sandbox = makeShared(node);
    const server = run(node, sandbox, ['sleep', '1000'], { name: 'server' });
    const other = run(node, sandbox, ['sleep', '1000'], { name: 'other', runAsUser: 1000 });
    expect(exec(node, other, sh('kill 2; killall sleep'))?.output).toContain("can't kill pid 2: Operation not permitted\n");
    expect([server.state, other.state]).toEqual(['running', 'exited']);
  });
});

describe('an ephemeral container with a target', () => {
  it('sees the processes and the files of its target and ends with it', () => {
    const node = makeNode();
    const sandbox = makeSandbox(node);
    const target = run(node, sandbox, sh('echo secret > /data; sleep 100'), { name: 'target' });
    const debug = run(node, sandbox, ['sleep', '1000'], { name: 'debug', kind: 'ephemeral', targetContainerId: target.id });
    expect(exec(node, debug, sh('cat /proc/1/root/data; ls /data; echo $$'))?.output).toMatch(/^secret\nls: \/data: No such file or directory\n[^1]/);
    node.clock.advance(100_000);
    expect(target).toMatchObject({ exitCode: 0 });
    expect(debug).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('joins one whose program needed no machine', () => {
    const node = makeNode();
    const sandbox = makeSandbox(node);
    const target = run(node, sandbox, ['sleep', '1000'], { name: 'target' });
    const debug = run(node, sandbox, sh('ps | grep -c "[s]leep 1000"; sleep 5'), { name: 'debug', kind: 'ephemeral', targetContainerId: target.id });
    expect(output(node, debug.id)).toEqual(['1']);
  });

  it('is refused when its target does not run', () => {
    const node = makeNode();
    const sandbox = makeSandbox(node);
    const target = run(node, sandbox, ['true'], { name: 'target' });
    const created = node.runtime.createContainer(sandbox, config(['sleep', '1'], { name: 'debug', targetContainerId: target.id }));
    expect(created).toMatchObject({ ok: false, message: expect.stringMatching(/invalid target container: container "[0-9a-f]{64}" is not running - in state CONTAINER_EXITED$/) as string });
  });
});
