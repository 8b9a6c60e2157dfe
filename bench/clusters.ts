/** Whole clusters in this process: many Pods to Running, crash loops and quiet hours on the manual clock, memory. */
import v8 from 'node:v8';
import vm from 'node:vm';
import { Cluster } from '../src/cluster/cluster.ts';
import { libraryOptions, type Options } from '../src/options.ts';
import { timed, type Figure } from './figure.ts';
import { podManifest } from './pods.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

export async function benchPods(): Promise<Figure[]> {
  const count = 10_000;
  const nodes = 100;
  const cluster = clusterOf({ nodes });
  const before = heapBytes();
  const ms = await timed(() => createPods(cluster, count));
  const perPod = (heapBytes() - before) / count / 1024;
  const running = countRunning(cluster);
  cluster.close();
  return [
    { what: `${count} Pods to Running on ${nodes} nodes (fast)`, measured: `${(ms / 1000).toFixed(2)} s (${running} run)`, target: '< 3 s' },
    { what: 'memory per Running Pod, events and history included', measured: `${perPod.toFixed(1)} KB`, target: '' },
  ];
}

export async function benchCrashLoop(): Promise<Figure[]> {
  const cluster = clusterOf({ nodes: 10 });
  createPods(cluster, 1000, ['sh', '-c', 'exit 1']);
  const ms = await timed(() => cluster.controls.advance({ duration: '1h' }));
  cluster.close();
  return [{ what: '1 h of 1,000 crash-looping Pods', measured: `${(ms / 1000).toFixed(2)} s`, target: '< 2 s' }];
}

export async function benchQuiet(): Promise<Figure[]> {
  const cluster = clusterOf({ nodes: 1000 });
  const before = heapBytes();
  createPods(cluster, 100_000);
  await cluster.controls.advance({ duration: '10m' });
  const perPod = (heapBytes() - before) / 100_000 / 1024;
  const ms = await timed(() => cluster.controls.advance({ duration: '1h' }));
  const running = countRunning(cluster);
  cluster.close();
  return [
    { what: `1 h of 100,000 quiet Pods on 1,000 nodes (${running} run)`, measured: `${(ms / 1000).toFixed(2)} s`, target: '< 3 s' },
    { what: 'memory per quiet Pod in all', measured: `${perPod.toFixed(1)} KB`, target: '<= 40 KB' },
  ];
}

export function clusterOf(options: Partial<Options>): Cluster {
  const cluster = new Cluster({ options: libraryOptions(options), version: 'bench', manifests: [] });
  cluster.settle();
  return cluster;
}

export function createPods(cluster: Cluster, count: number, command?: readonly string[]): void {
  for (let i = 0; i < count; i++) {
    const response = cluster.handle({
      method: 'POST', path: '/api/v1/namespaces/default/pods', query: '', headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(podManifest(`web-${i}`, command))),
    });
    if (response.status !== 201) throw new Error(`create answered ${response.status}: ${'body' in response ? Buffer.from(response.body).toString() : ''}`);
    cluster.settle();
  }
}

function countRunning(cluster: Cluster): number {
  const pods = cluster.api.ports.as('bench').lister('pods').list('default');
  return pods.filter((pod) => (pod['status'] as { phase?: string }).phase === 'Running').length;
}

/** Bytes in use once what nobody holds is gone. */
export function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
