/** A cluster and the clients of the official library for it. */
import { CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { startKube, type Kube } from 'fakelet';

export interface Connected extends AsyncDisposable {
  readonly kube: Kube;
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
}

export async function connect(options: Parameters<typeof startKube>[0] = {}): Promise<Connected> {
  const kube = await startKube(options);
  const config = new KubeConfig();
  config.loadFromString(kube.kubeconfig());
  return { kube, config, core: config.makeApiClient(CoreV1Api), [Symbol.asyncDispose]: () => kube.close() };
}

export function podThatRuns(name: string, command: string, labels: Record<string, string> = {}): V1Pod {
  return { metadata: { name, labels }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', command] }] } };
}

/** Lets sockets deliver until `met`; the clock of the cluster does not matter here. */
export async function until(met: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!met()) {
    if (Date.now() > deadline) throw new Error('not within 5 s');
    await new Promise((resolve) => { setTimeout(resolve, 2); });
  }
}
