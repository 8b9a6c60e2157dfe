import { expect, it } from 'vitest';
import type { ContainerConfig, VolumeFile } from '../../src/runtime/runtime.ts';
import { config, exec, makeNode, makeSandbox, run, type Node } from './node.ts';

const files = (entries: Record<string, string>, mode = 0o644): ReadonlyMap<string, VolumeFile> =>
  new Map(Object.entries(entries).map(([name, text]) => [name, { data: Buffer.from(text), mode }]));

function output(node: Node, script: string, more: Partial<ContainerConfig> = {}): string {
  const sandboxId = node.runtime.sandboxes('pod-1')[0]?.id ?? makeSandbox(node);
  const container = run(node, sandboxId, ['sh', '-c', 'sleep 1000'], more);
  return exec(node, container, ['sh', '-c', script])!.output;
}

it('shows the kubelet\'s files as links into a folder that changes at once', () => {
  const node = makeNode();
  const mounts = [{ path: '/v', readOnly: true, volumeId: 'v' }];
  node.runtime.writeVolume('v', files({ a: 'A', 'sub/b': 'B' }), { medium: 'memory' });
  const container = run(node, makeSandbox(node), ['sleep', '1000'], { mounts });
  const sh = (script: string) => exec(node, container, ['sh', '-c', script])!.output;
  expect(sh('cat /v/a /v/sub/b; readlink /v/a; stat -c "%a %s" /v; echo x > /v/new')).toBe('AB..data/a\n1777 120\nsh: can\'t create /v/new: Read-only file system\n');
  const before = sh('readlink /v/..data');
  node.clock.advance(1000);
  node.runtime.writeVolume('v', files({ a: 'C' }), { medium: 'memory' });
  expect(sh('cat /v/a; ls /v')).toBe('Ca\n');
  expect(sh('readlink /v/..data')).not.toBe(before);
});

it('gives a volume to the group of the Pod', () => {
  const node = makeNode();
  node.runtime.writeVolume('secret', files({ key: 's' }, 0o400), { medium: 'memory', groupId: 2000 });
  node.runtime.writeVolume('empty', undefined, { medium: 'disk', groupId: 2000 });
  const mounts = [{ path: '/s', readOnly: true, volumeId: 'secret' }, { path: '/e', readOnly: false, volumeId: 'empty' }];
  const script = 'id; stat -c "%a %g" /s /e; stat -L -c "%a %g" /s/key; cat /s/key; touch /e/f; stat -c "%u %g" /e/f';
  expect(output(node, script, { mounts, runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [2000] }))
    .toBe('uid=1000 gid=3000 groups=2000,3000\n3777 2000\n2777 2000\n440 2000\ns1000 2000\n');
});

it('shares a volume between containers of a Pod, and nothing else', () => {
  const node = makeNode();
  const mounts = [{ path: '/d', readOnly: false, volumeId: 'd' }];
  output(node, 'echo shared > /d/f; echo own > /tmp/f', { mounts });
  expect(output(node, 'cat /d/f; cat /tmp/f', { mounts, name: 'b' })).toBe('shared\ncat: can\'t open \'/tmp/f\': No such file or directory\n');
});

it('writes hosts and resolv.conf as the Pod asks', () => {
  const node = makeNode();
  let sandboxId = '';
  node.runtime.runSandbox({
    podUid: 'pod-1', namespace: 'ns', name: 'p', attempt: 0, hostNetwork: false, hostname: 'web', annotations: {}, labels: {},
    domainName: 'web.svc.ns.svc.cluster.local', hostAliases: [{ ip: '10.1.2.3', hostnames: ['foo', 'bar'] }],
    dns: { nameservers: ['1.1.1.1'], searches: [], options: ['ndots:2'] },
  }, (result) => { if (result.ok) sandboxId = result.sandbox.id; });
  node.clock.runDue();
  const container = run(node, sandboxId, ['sleep', '1000']);
  expect(exec(node, container, ['sh', '-c', 'tail -n 4 /etc/hosts; cat /etc/resolv.conf; hostname; hostname -f; hostname -d'])!.output).toBe(
    '10.244.1.2\tweb.svc.ns.svc.cluster.local\tweb\n\n# Entries added by HostAliases.\n10.1.2.3\tfoo\tbar\n'
    + 'nameserver 1.1.1.1\noptions ndots:2\nweb\nweb.svc.ns.svc.cluster.local\nsvc.ns.svc.cluster.local\n');
});

it('keeps a read-only root file system but lets the termination message be written', () => {
  const node = makeNode();
  const sandboxId = makeSandbox(node);
  const container = run(node, sandboxId, ['sh', '-c', 'echo x > /tmp/f; echo why > /dev/termination-log; exit 3'], { readOnlyRootFilesystem: true });
  expect(container).toMatchObject({ exitCode: 3, message: 'why\n' });
  expect(node.runtime.logs(container.id).lines.map(({ text }) => text)).toEqual(['sh: can\'t create /tmp/f: Read-only file system']);
});

it('shows capabilities', () => {
  const node = makeNode();
  expect(output(node, 'grep -e CapEff -e NoNew /proc/self/status', { capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] }, noNewPrivileges: true }))
    .toBe('CapEff:\t0000000000001000\nNoNewPrivs:\t1\n');
});

it('knows no container by an unknown sandbox', () => {
  const node = makeNode();
  expect(node.runtime.createContainer('none', config(['true']))).toMatchObject({ ok: false });
});
