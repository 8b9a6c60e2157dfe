/**
 * The clusters of a process: the main one, and others by name, each with a store, clock and seed of its own. They share
 * nothing but code. A cluster that nobody has used yet is a name and its settings.
 */
import { limits } from '../limits.ts';
import { libraryOptions, OptionError, type Options } from '../options.ts';
import type * as own from '../schema/fakelet/v1.ts';
import { Cluster } from './cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { EmulatorError } from './emulator-error.ts';
import { quotaOf } from './quota.ts';
import { clusterOptionNames, stateOf } from './snapshot.ts';

export const mainName = 'main';

/** A port that serves one cluster. */
export interface OwnPort {
  readonly url: string;
  close(): Promise<void>;
}

export class ClusterSet {
  readonly main: Cluster;
  readonly #others = new Map<string, Cluster>();
  readonly #ports = new Map<string, OwnPort>();
  readonly #listen: (cluster: Cluster, port: number) => Promise<OwnPort>;

  /** `listen` opens a port for one cluster; 0 picks a free one. Without it no cluster can have one. */
  constructor(main: Cluster, listen: (cluster: Cluster, port: number) => Promise<OwnPort> = noPorts) {
    this.main = main;
    this.#listen = listen;
  }

  /** Adds a cluster that has a port of its own beside its path. Rejects with EmulatorError. */
  async addWithPort(request: own.ClusterRequest & { readonly port: number }): Promise<own.ClusterInfo> {
    const { name } = this.add(request);
    const cluster = this.find(name);
    try {
      const port = await this.#listen(cluster, request.port);
      // Somebody may have removed it meanwhile.
      if (this.#others.get(name) !== cluster) await port.close();
      else this.#ports.set(name, port);
      return this.info(name);
    } catch (error) {
      if (this.#others.get(name) === cluster) this.remove(name);
      if (error instanceof EmulatorError) throw error;
      throw new EmulatorError(409, `Failed to add the cluster '${name}': ${(error as Error).message}`);
    }
  }

  /** Throws EmulatorError. */
  add({ name, options = {}, manifests, clone, snapshot }: own.ClusterRequest): own.ClusterInfo {
    if (name === mainName || this.#others.has(name)) throw new EmulatorError(409, `Failed to add the cluster '${name}': there is one. Give another name, or DELETE it.`);
    if (this.#others.size >= limits.clustersMax) throw new EmulatorError(429, `Failed to add the cluster '${name}': the limit clustersMax (${limits.clustersMax}) is reached. Remove some.`);
    const isClone = clone !== undefined || snapshot !== undefined;
    if (isClone && (manifests !== undefined || Object.keys(options).length > 0)) {
      throw new EmulatorError(400, `Failed to add the cluster '${name}': a clone goes with neither options nor manifests. It has those of its original.`);
    }
    const cluster = new Cluster(this.#settings(name, options, manifests ?? []));
    if (isClone) {
      const original = this.find(clone ?? mainName);
      cluster.restore(snapshot === undefined ? stateOf(original) : original.snapshots.state(snapshot));
    } else if (manifests !== undefined) start(name, cluster);
    this.#others.set(name, cluster);
    return this.info(name);
  }

  /** Throws EmulatorError when there is none of that name. */
  find(name: string): Cluster {
    const found = name === mainName ? this.main : this.#others.get(name);
    if (!found) throw new EmulatorError(404, `Failed to find the cluster '${name}': there is none. Known are: ${[mainName, ...this.#others.keys()].slice(0, 10).join(', ')}.`);
    return found;
  }

  info(name: string): own.ClusterInfo {
    const url = this.#ports.get(name)?.url;
    return { name, path: name === mainName ? '/' : `/clusters/${name}`, isUp: this.find(name).isUp, ...(url === undefined ? {} : { url }) };
  }

  /** Where a cluster is served; empty for the main one. */
  pathOf(cluster: Cluster): string {
    const [name] = [...this.#others].find(([, other]) => other === cluster) ?? [];
    return name === undefined ? '' : `/clusters/${name}`;
  }

  list(): own.ClusterList {
    return { items: [...this.#others.keys()].map((name) => this.info(name)) };
  }

  remove(name: string): null {
    if (name === mainName) throw new EmulatorError(400, 'Failed to remove the cluster: the main one stays as long as its server. Reset it instead.');
    this.find(name).close();
    this.#others.delete(name);
    void this.#ports.get(name)?.close();
    this.#ports.delete(name);
    return null;
  }

  /** Resolves when the ports are free. */
  async close(): Promise<void> {
    for (const cluster of this.#others.values()) cluster.close();
    this.#others.clear();
    this.main.close();
    await Promise.all([...this.#ports.values()].map((port) => port.close()));
    this.#ports.clear();
  }

  #settings(name: string, given: Readonly<Record<string, unknown>>, manifests: readonly unknown[]): ClusterOptions {
    const unknown = Object.keys(given).find((option) => !(clusterOptionNames as readonly string[]).includes(option) && option !== 'clock');
    if (unknown !== undefined) throw new EmulatorError(400, `Failed to add the cluster '${name}': '${unknown}' is no option of a cluster. Those are: clock, ${clusterOptionNames.join(', ')}.`);
    const { settings } = this.main;
    try {
      const options = libraryOptions({ ...settings.options, ...given } as Partial<Options>);
      quotaOf(options);
      return { ...settings, options, manifests, scenarios: [] };
    } catch (error) {
      if (error instanceof OptionError) throw new EmulatorError(400, error.message);
      throw error;
    }
  }
}

const noPorts = () => Promise.reject(new Error('nothing listens here. Leave the port out.'));

/** Manifests are checked when they are sent, not at the first use. */
function start(name: string, cluster: Cluster): void {
  try {
    cluster.start();
  } catch (error) {
    cluster.close();
    if (error instanceof OptionError) throw new EmulatorError(400, `Failed to add the cluster '${name}': ${error.message}`);
    throw error;
  }
}
