/**
 * The library: a whole cluster inside a test. `await using kube = await startKube()` gives a server on a free port with
 * a manual clock, instant latencies and a fixed seed; any Kubernetes client works with `kube.kubeconfig()` or `kube.url`.
 */
import type { Cluster } from './cluster/cluster.ts';
import type { Clusters, EmulatorControls } from './cluster/controls.ts';
import { fetchOf } from './in-process-fetch.ts';
import { Inspection } from './inspection.ts';
import type * as own from './schema/fakelet/v1.ts';
import { libraryOptions, type Options } from './options.ts';
import { PodClient, ResourceClient, type Resources } from './resource-client.ts';
import { start } from './serve.ts';
import { until } from './until.ts';

/** One cluster as a test uses it. */
export interface KubeCluster {
  /** Where it is served: `http://127.0.0.1:PORT`, with the path of a further cluster. */
  readonly url: string;
  /** A kubeconfig as YAML. */
  kubeconfig(): string;
  readonly clock: KubeClock;
  /** Pods as typed values: create, get, list, update, patch, patchStatus, apply, delete, wait, log, evict. */
  readonly pods: PodClient;
  /** The same for the objects of any resource: `kube.resource('deployments.apps')`. */
  readonly resource: Resources;
  /** What is there now and what happened to it, without a request. */
  readonly inspect: Inspection;
  /** What happens in containers. */
  readonly behaviors: EmulatorControls['behaviors'];
  /** Starts a scenario: 'crash-loop', 'node-failure' … or one of your own. */
  startScenario(scenario: string | own.Scenario): void;
  /** What happens to requests. */
  readonly faults: EmulatorControls['faults'];
  /** Waits for an object as `kubectl wait --for` does, moving the manual clock as needed. Rejects with the last state. */
  wait(request: own.WaitRequest): Promise<own.WaitResult>;
  /** Everything else that `/_fakelet/v1` offers. */
  readonly controls: EmulatorControls;
  /** Why a Pod is not Ready: findings, and the same as `text`. */
  explain(name: string, namespace?: string): own.Explanation;
  /** What happened, as text to paste into an issue. */
  transcript(): string;
  /** Waits for a condition, as `kube.until(pod('web').isReady())`. The failure prints what happened to the object. */
  until(request: own.WaitRequest): Promise<own.WaitResult>;
  /** Remembers the cluster as it is; `restore` brings it back, Pods in the middle of what they do included. */
  snapshot(name?: string): own.SnapshotState;
  restore(snapshot: string | { readonly name: string }): void;
  /** A request to the cluster without a socket. Takes `kube.url` and paths alike. */
  readonly fetch: typeof globalThis.fetch;
  /** Back to the start state. */
  reset(): void;
}

/** A server and its main cluster. */
export interface Kube extends KubeCluster, AsyncDisposable {
  /** Other clusters in this process: adds and removes them. */
  readonly clusters: Clusters;
  /** One of them, with all that the main one has. Throws when there is none of that name. */
  cluster(name: string): KubeCluster;
  close(): Promise<void>;
}

export interface KubeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock by a Go duration ('30s', '10m') and runs everything due on the way. */
  advance(duration: string): Promise<own.ClockAdvanced>;
  /** Moves from timer to timer until none is left, at most `limit` (a Go duration) far. */
  untilIdle(limit: string): Promise<own.ClockAdvanced>;
}

/** Starts a cluster and its server. Options are those of the command line; see README. */
export async function startKube(options: Partial<Options> = {}): Promise<Kube> {
  const server = await start(libraryOptions(options));
  const { clusters } = server;
  return {
    ...kubeCluster(server.cluster, server.url, ''),
    clusters,
    cluster: (name) => {
      const { path, url } = clusters.info(name);
      return kubeCluster(clusters.find(name), url ?? server.url + path, url === undefined ? path : '');
    },
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** `basePath` is what its URL has before the paths of Kubernetes. */
function kubeCluster(cluster: Cluster, url: string, basePath: string): KubeCluster {
  const { controls } = cluster;
  const inspect = new Inspection(cluster);
  const target = { cluster, inspect };
  return {
    url,
    kubeconfig: () => controls.kubeconfig(url),
    clock: {
      now: () => Date.parse(controls.clock().now),
      advance: (duration) => controls.advance({ duration }),
      untilIdle: (limit) => controls.advance({ untilIdle: limit }),
    },
    pods: new PodClient(target, 'pods'),
    resource: (name: string) => new ResourceClient<never>(target, name),
    inspect,
    behaviors: controls.behaviors,
    faults: controls.faults,
    startScenario: (scenario) => void controls.startScenario(scenario),
    wait: (request) => controls.wait(request),
    until: (request) => until(controls, inspect, request),
    snapshot: (name) => controls.snapshots.take(name === undefined ? {} : { name }),
    restore: (snapshot) => void controls.snapshots.restore(typeof snapshot === 'string' ? snapshot : snapshot.name),
    fetch: fetchOf(cluster, basePath),
    controls,
    explain: (name, namespace = 'default') => controls.explain(namespace, name),
    transcript: () => controls.transcript({}),
    reset: () => void controls.reset(),
  };
}
