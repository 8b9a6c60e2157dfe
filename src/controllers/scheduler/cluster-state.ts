/**
 * All nodes and the Pods on them, as the scheduler believes them to be: what the API says, plus Pods whose binding is
 * under way (assumed). Every change costs only what changed; nothing is ever counted anew.
 */
import type { ApiPort } from '../../api/port.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { Namespace, Node, PersistentVolume, PersistentVolumeClaim } from '../../schema/core/v1.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import { ImageSpread } from './image-spread.ts';
import { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';

interface Placed {
  readonly pod: PodInfo;
  readonly node: NodeInfo;
}

export class ClusterState {
  readonly #port: ApiPort;
  readonly #infos = new Map<string, NodeInfo>();
  readonly #placed = new Map<string, Placed>();
  #nodes: NodeInfo[] | undefined;
  /** Nodes that hold Pods with required anti-affinity or any affinity: most clusters have none, and pay nothing. */
  readonly nodesWithAntiAffinity = new Set<NodeInfo>();
  readonly nodesWithAffinity = new Set<NodeInfo>();
  readonly images = new ImageSpread();

  constructor(port: ApiPort) {
    this.#port = port;
  }

  /** Existing nodes in the order of their names. */
  nodes(): readonly NodeInfo[] {
    return (this.#nodes ??= [...this.#infos.values()]
      .filter(({ node }) => node !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  /** An existing node. */
  node(name: string): NodeInfo | undefined {
    const info = this.#infos.get(name);
    return info?.node ? info : undefined;
  }

  setNode(name: string, node: Node | undefined): void {
    const info = this.#info(name);
    if ((info.node === undefined) !== (node === undefined)) this.#nodes = undefined;
    this.images.change(info.node, node);
    info.setNode(node);
    this.#dropIfEmpty(info);
  }

  /** A Pod that is on a node, as it was last seen. */
  placed(podKey: string): PodInfo | undefined {
    return this.#placed.get(podKey)?.pod;
  }

  /** Puts a Pod (or its next version) on a node. */
  place(pod: PodInfo, nodeName: string): void {
    this.displace(pod.key);
    const node = this.#info(nodeName);
    node.add(pod);
    this.#placed.set(pod.key, { pod, node });
    this.#noteAffinity(node);
  }

  /** Takes a Pod away from its node. */
  displace(podKey: string): void {
    const placed = this.#placed.get(podKey);
    if (!placed) return;
    placed.node.remove(placed.pod);
    this.#placed.delete(podKey);
    this.#noteAffinity(placed.node);
    this.#dropIfEmpty(placed.node);
  }

  readonly namespaceLabels = (namespace: string): Readonly<Record<string, string>> | undefined =>
    this.#port.lister<Namespace>('namespaces').get('', namespace)?.metadata.labels;

  claim(namespace: string, name: string): PersistentVolumeClaim | undefined {
    return this.#port.lister<PersistentVolumeClaim>('persistentvolumeclaims').get(namespace, name);
  }

  volume(name: string): PersistentVolume | undefined {
    return this.#port.lister<PersistentVolume>('persistentvolumes').get('', name);
  }

  storageClass(name: string): StorageClass | undefined {
    return this.#port.lister<StorageClass>('storageclasses.storage.k8s.io').get('', name);
  }

  list<T extends KubeObject>(resource: string, namespace: string): readonly T[] {
    return this.#port.lister<T>(resource).list(namespace);
  }

  byUid(resource: string, uid: string): KubeObject | undefined {
    return this.#port.lister(resource).byIndex('uid', uid)[0];
  }

  #info(name: string): NodeInfo {
    let info = this.#infos.get(name);
    if (!info) this.#infos.set(name, info = new NodeInfo(name));
    return info;
  }

  #dropIfEmpty(info: NodeInfo): void {
    if (info.node === undefined && info.pods.size === 0) this.#infos.delete(info.name);
  }

  #noteAffinity(node: NodeInfo): void {
    if (node.withAntiAffinity.size > 0) this.nodesWithAntiAffinity.add(node);
    else this.nodesWithAntiAffinity.delete(node);
    if (node.withAffinity.size > 0) this.nodesWithAffinity.add(node);
    else this.nodesWithAffinity.delete(node);
  }
}
