/** From options to a listening server: reads the files that options name, makes the cluster, loads manifests. */
import { makeCluster } from './make-cluster.ts';
import { kubernetesVersion } from './version.ts';
import { listen, listenFor } from './server.ts';
import type { Cluster } from './cluster/cluster.ts';
import { ClusterSet } from './cluster/cluster-set.ts';
import type { Options } from './options.ts';
import { useLinearEngine } from './regexp-engine.ts';
import { tlsMaterial } from './tls.ts';

export interface StartedServer {
  readonly url: string;
  /** The main cluster. */
  readonly cluster: Cluster;
  readonly clusters: ClusterSet;
  /** The first line on stdout when ready. */
  readonly banner: string;
  close(): Promise<void>;
}

export async function start(options: Options): Promise<StartedServer> {
  useLinearEngine();
  const tls = await tlsMaterial(options);
  const cluster = makeCluster(options, tls?.ca);
  const clusters = new ClusterSet(cluster, (one, port) => listenFor(one, { ...options, port }, tls));
  try {
    const server = await listen(clusters, options, tls);
    return {
      url: server.url,
      cluster,
      clusters,
      banner: `fakelet ready ${server.url} (kubernetes ${kubernetesVersion}, clock ${options.clock}, seed ${options.seed})`,
      close: async () => {
        await clusters.close();
        await server.close();
      },
    };
  } catch (error) {
    cluster.close();
    throw error;
  }
}
