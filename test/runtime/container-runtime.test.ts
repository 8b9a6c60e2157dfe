import { describe, expect, it } from 'vitest';
import type { Container } from '../../src/runtime/runtime.ts';
import { config, exec, makeNode, makeSandbox, run, startMs } from './node.ts';

const sh = (script: string) => ['sh', '-c', script];

function end(container: Container) {
  const { state, exitCode, reason, message, startedAt, finishedAt } = container;
  return { state, exitCode, reason, message, ranMs: (finishedAt ?? NaN) - (startedAt ?? NaN) };
}

describe('a container', () => {
  it('ends with the exit code of its script, when the script ends', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('sleep 2; if [ -f /d/x ]; then exit 0; fi; touch /tmp/x; sleep 1; exit 1'));
    node.clock.advance(2999);
    expect(container.state).toBe('running');
    node.clock.advance(1);
    expect(end(container)).toEqual({ state: 'exited', exitCode: 1, reason: 'Error', message: undefined, ranMs: 3000 });
    expect(node.events.map(({ type, at }) => [type, at])).toEqual([['containerStarted', 0], ['containerExited', 3000]]);
  });

  it('gives the end of a termination message that is too long', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('i=0; while [ $i -lt 500 ]; do echo 0123456789; i=$((i+1)); done > /dev/termination-log'));
    node.clock.advance(5000);
    expect(container.message).toBe('0123456789\n'.repeat(500).slice(-4096));
  });

  it('gives its termination message and its log', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('echo done well > /dev/termination-log; echo héllo; sleep 1; printf half >&2'));
    node.clock.advance(1000);
    expect(end(container)).toMatchObject({ exitCode: 0, reason: 'Completed', message: 'done well\n' });
    expect(node.runtime.logs(container.id).lines).toEqual([
      { at: startMs, stream: 'stdout', text: 'héllo', partial: false },
      { at: startMs + 1000, stream: 'stderr', text: 'half', partial: true },
    ]);
  });

  it.each([
    ['trap \'exit 7\' TERM; sleep 1000 & wait', 7, 0],
    ['touch /tmp/l; trap \'exit 7\' TERM; sleep 1000 & wait', 7, 0],
    ['trap \'sleep 3; exit 0\' TERM; sleep 1000 & wait', 0, 3000],
    ['touch /tmp/l; trap \'sleep 3; exit 0\' TERM; sleep 1000 & wait', 0, 3000],
    ['trap \'\' TERM; sleep 1000', 137, 10_000],
    ['touch /tmp/l; sleep 1000', 137, 10_000],
    ['sleep 1000', 137, 10_000],
  ])('with `%s` stops with %i after %i ms', (script, exitCode, afterMs) => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh(script));
    node.clock.advance(1000);
    let stoppedAt = 0;
    node.runtime.stopContainer(container.id, 10_000, () => { stoppedAt = node.clock.now(); });
    node.clock.advance(20_000);
    expect({ exitCode: container.exitCode, afterMs: stoppedAt - startMs - 1000 }).toEqual({ exitCode, afterMs });
  });

  it('that cannot be started ends with a start error', () => {
    const node = makeNode();
    const created = node.runtime.createContainer(makeSandbox(node), config(['/no/such/program']));
    const results: unknown[] = [];
    if (created.ok) node.runtime.startContainer(created.containerId, (result) => results.push(result));
    node.clock.runDue();
    const message = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: '
      + 'unable to start container process: exec: "/no/such/program": stat /no/such/program: no such file or directory';
    expect(results).toEqual([{ ok: false, message }]);
    expect(node.runtime.containers('pod-1')[0]).toMatchObject({ state: 'exited', exitCode: 128, reason: 'StartError', message, startedAt: 0 });
  });

  it('is killed when it takes more memory than its limit', () => {
    const node = makeNode();
    const script = 'sleep 3; x=0123456789abcdef; while :; do x=$x$x; done';
    const container = run(node, makeSandbox(node), sh(script), { memoryLimitBytes: 24 * 1024 * 1024 });
    node.clock.advance(3000);
    expect(end(container)).toEqual({ state: 'exited', exitCode: 137, reason: 'OOMKilled', message: undefined, ranMs: 3000 });
  });

  it('survives the death of its sandbox', () => {
    const node = makeNode();
    const sandboxId = makeSandbox(node);
    const container = run(node, sandboxId, sh('sleep 5; exit 3'));
    node.runtime.killSandbox(sandboxId);
    expect(node.runtime.sandboxes('pod-1').map(({ state }) => state)).toEqual(['notReady']);
    node.clock.advance(5000);
    expect(container.exitCode).toBe(3);
  });

  it('sets no timer and has no machine when it runs for ever', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), [], { image: 'busybox:1.36', command: ['sleep', 'infinity'] });
    expect(node.clock.pending()).toEqual({ count: 0 });
    expect(container).toMatchObject({ state: 'running', machine: undefined });
  });
});

describe('a command in a container', () => {
  it('sees the files of the program', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('touch /tmp/ok; sleep 1000'));
    expect(exec(node, container, ['cat', '/tmp/ok'])).toEqual({ exitCode: 0, output: '', timedOut: false });
    expect(exec(node, container, ['cat', '/tmp/no'])).toEqual({ exitCode: 1, output: 'cat: can\'t open \'/tmp/no\': No such file or directory\n', timedOut: false });
  });

  it('also runs beside a program that has no machine', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('trap \'exit 4\' TERM; sleep 1000 & wait'));
    expect(exec(node, container, sh('echo $$ $PPID; kill 1'))).toMatchObject({ exitCode: 0, output: '2 0\n' });
    node.clock.runDue();
    expect(container.exitCode).toBe(4);
  });

  it('is killed at its timeout', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('sleep 1000'));
    let result: unknown;
    node.runtime.execSync(container.id, sh('echo some; sleep 5; touch /tmp/x'), 2000, (answer) => { result = answer; });
    node.clock.advance(10_000);
    expect(result).toEqual({ exitCode: undefined, output: 'some\n', timedOut: true });
    expect(exec(node, container, ['test', '-f', '/tmp/x'])).toMatchObject({ exitCode: 1 });
  });

  it('that does not exist fails in runc\'s words', () => {
    const node = makeNode();
    const container = run(node, makeSandbox(node), sh('sleep 1000'));
    const { output, ...rest } = exec(node, container, ['/no/such'])!;
    expect(rest).toEqual({ exitCode: undefined, timedOut: false });
    expect(output.replace(/"[0-9a-f]{64}"/, 'ID')).toBe('rpc error: code = Unknown desc = failed to exec in container: failed to start exec ID: '
      + 'OCI runtime exec failed: exec failed: unable to start container process: exec: "/no/such": stat /no/such: no such file or directory');
  });
});
