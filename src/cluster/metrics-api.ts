/**
 * `metrics.k8s.io/v1beta1`, what metrics-server gives `kubectl top`: the CPU and memory that behaviours say a container
 * uses, and a little for those of which nothing is said.
 */
import type { AggregatedApi } from '../api/aggregated-api.ts';
import { badRequest, notFound } from '../api/errors.ts';
import type { ApiPort } from '../api/port.ts';
import type { Query } from '../api/query.ts';
import type { Clock } from '../clock/clock.ts';
import type { Usage } from '../runtime/script.ts';
import type { Node, Pod } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { LabelSelectorError, type LabelSelector } from '../schema/values/label-selector.ts';
import { parseLabelSelector } from '../schema/values/label-selector-parser.ts';
import { formatTime } from '../schema/values/time.ts';
import type { Nodes } from './nodes.ts';

const group = 'metrics.k8s.io';
const apiVersion = `${group}/v1beta1`;
/** metrics-server looks this often. */
const window = '15s';

export interface MetricsApiOptions {
  readonly clock: Clock;
  readonly nodes: Nodes;
  port(): ApiPort;
}

export class MetricsApi implements AggregatedApi {
  readonly group = group;
  readonly version = 'v1beta1';
  readonly priority = 100;
  readonly resources = [
    { name: 'nodes', kind: 'NodeMetrics', namespaced: false, verbs: ['get', 'list'] },
    { name: 'pods', kind: 'PodMetrics', namespaced: true, verbs: ['get', 'list'] },
  ] as const;
  readonly #options: MetricsApiOptions;

  constructor(options: MetricsApiOptions) {
    this.#options = options;
  }

  read(resource: string, namespace: string, name: string, query: Query): object {
    const items = resource === 'nodes' ? this.#nodeMetrics(name) : this.#podMetrics(namespace, name);
    if (name === '') {
      const selector = selectorOf(query);
      const kind = resource === 'nodes' ? 'NodeMetricsList' : 'PodMetricsList';
      return { kind, apiVersion, metadata: {}, items: items.filter(({ metadata }) => selector.matches(metadata.labels ?? {})) };
    }
    const [item] = items;
    if (!item) throw notFound({ group, resource: resource === 'nodes' ? 'nodemetrics' : 'podmetrics' }, resource === 'nodes' ? name : `${namespace}/${name}`);
    return item;
  }

  #nodeMetrics(name: string) {
    const nodes = this.#objects<Node & KubeObject>('nodes', '', name).filter((node) => this.#options.nodes.has(node.metadata.name!));
    return nodes.map(({ metadata }) => ({
      kind: 'NodeMetrics', apiVersion, ...this.#head(metadata), usage: printed(sum(this.#options.nodes.of(metadata.name!).runtime.controls.usages().map(({ usage }) => usage))),
    }));
  }

  /** Pods with containers that run. */
  #podMetrics(namespace: string, name: string) {
    return this.#objects<Pod & KubeObject>('pods', namespace, name).flatMap(({ metadata, spec }) => {
      if (!spec.nodeName || !this.#options.nodes.has(spec.nodeName)) return [];
      const usages = this.#options.nodes.of(spec.nodeName).runtime.controls.usages(metadata.uid!);
      const containers = usages.map(({ container, usage }) => ({ name: container, usage: printed(usage) }));
      return containers.length === 0 ? [] : [{ kind: 'PodMetrics', apiVersion, ...this.#head(metadata), containers }];
    });
  }

  #objects<T extends KubeObject>(resource: string, namespace: string, name: string): readonly T[] {
    const lister = this.#options.port().lister<T>(resource);
    if (name === '') return namespace === '' ? lister.list() : lister.list(namespace);
    const found = lister.get(namespace, name);
    return found ? [found] : [];
  }

  #head({ name, namespace, labels }: KubeObject['metadata']) {
    const now = formatTime(this.#options.clock.now());
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }), creationTimestamp: now, ...(labels ? { labels } : {}) };
    return { metadata, timestamp: now, window };
  }
}

function selectorOf(query: Query): LabelSelector {
  try {
    return parseLabelSelector(query.text('labelSelector'));
  } catch (error) {
    if (error instanceof LabelSelectorError) throw badRequest(error.message);
    throw error;
  }
}

const sum = (usages: readonly Usage[]): Usage => ({
  cpuNanoCores: usages.reduce((total, { cpuNanoCores }) => total + cpuNanoCores, 0),
  memoryBytes: usages.reduce((total, { memoryBytes }) => total + memoryBytes, 0),
});

/** As metrics-server prints quantities: nanocores and KiB. */
const printed = ({ cpuNanoCores, memoryBytes }: Usage) => ({ cpu: `${Math.round(cpuNanoCores)}n`, memory: `${Math.round(memoryBytes / 1024)}Ki` });
