/**
 * Pods from manifests on the node's disk. The kubelet runs them whatever the API says, and shows each as a mirror Pod
 * there: it makes the mirror anew when somebody deletes it and deletes it when the manifest is gone (config/common.go,
 * pod/mirror_client.go). A manifest that the API refuses is not run: its defaults come from there.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Node, Pod, PodStatus } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { PodObject } from './pod-source.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** A manifest on disk; it outlives the kubelet process. */
export interface StaticManifest {
  /** The uid of the Pod it stands for. */
  readonly uid: string;
  readonly pod: { readonly metadata?: Partial<Pod['metadata']>; readonly spec: Pod['spec'] };
}

export interface StaticPodOptions {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly nodeName: string;
  /** The Pod of a manifest begins. */
  readonly onStart: (pod: PodObject) => void;
  /** Its manifest is gone. */
  readonly onRemove: (pod: PodObject) => void;
  /** A new mirror needs the status. */
  readonly onMirror: (podUid: string) => void;
}

export const isMirrorPod = (pod: Pod): boolean => pod.metadata.annotations?.[mirrorAnnotation] !== undefined;

export class StaticPods {
  readonly #options: StaticPodOptions;
  readonly #running = new Map<string, PodObject>();
  readonly #ending = new Set<string>();

  constructor(options: StaticPodOptions) {
    this.#options = options;
  }

  start(manifest: StaticManifest): void {
    const mirror = this.#createMirror(manifest);
    if (!mirror) return;
    const { name = '', namespace = '', annotations, labels } = mirror.metadata;
    const { [mirrorAnnotation]: _mirror, ...own } = annotations ?? {};
    const pod: PodObject = {
      apiVersion: 'v1', kind: 'Pod',
      metadata: { name, namespace, uid: manifest.uid, annotations: own, ...(labels ? { labels } : {}) },
      spec: mirror.spec,
      status: { phase: 'Pending', ...(mirror.status.qosClass === undefined ? {} : { qosClass: mirror.status.qosClass }) } as PodStatus,
    };
    this.#running.set(manifest.uid, pod);
    this.#options.onStart(pod);
  }

  remove(uid: string): void {
    const pod = this.#running.get(uid);
    if (!pod) return;
    this.#running.delete(uid);
    this.#ending.add(uid);
    this.#options.onRemove(pod);
  }

  /** The containers of a removed Pod have stopped. */
  finished(pod: Pod): void {
    if (!this.#ending.delete(pod.metadata.uid!)) return;
    const mirror = this.mirrorOf(pod);
    if (mirror) this.#deleteMirror(mirror);
  }

  /** A mirror changed at the API; undefined: it is gone. */
  observe(now: PodObject | undefined, before: PodObject | undefined): void {
    if (now?.metadata.deletionTimestamp !== undefined) {
      if (now.metadata.deletionGracePeriodSeconds !== 0) this.#deleteMirror(now);
      return;
    }
    if (now) return;
    const uid = before?.metadata.annotations?.[mirrorAnnotation] ?? '';
    const pod = this.#running.get(uid);
    if (pod && this.#createMirror({ uid, pod })) this.#options.onMirror(uid);
  }

  mirrorOf(pod: Pod): PodObject | undefined {
    const { namespace = '', name = '', uid } = pod.metadata;
    const found = this.#options.port.lister<PodObject>('pods').get(namespace, name);
    return found?.metadata.annotations?.[mirrorAnnotation] === uid ? found : undefined;
  }

  #createMirror({ uid, pod }: StaticManifest): PodObject | undefined {
    const { port, nodeName, clock } = this.#options;
    const node = port.lister<Node & KubeObject>('nodes').get('', nodeName);
    const suffix = `-${nodeName}`;
    const plain = pod.metadata?.name ?? '';
    const name = plain.endsWith(suffix) ? plain : plain + suffix;
    const namespace = pod.metadata?.namespace ?? 'default';
    const annotations = {
      ...pod.metadata?.annotations, 'kubernetes.io/config.hash': uid, [mirrorAnnotation]: uid, 'kubernetes.io/config.source': 'file',
      'kubernetes.io/config.seen': pod.metadata?.annotations?.['kubernetes.io/config.seen'] ?? formatTime(clock.now()),
    };
    const others = (pod.spec.tolerations ?? []).filter(({ key, operator, effect }) => key !== undefined || operator !== 'Exists' || effect !== 'NoExecute');
    const object: KubeObject = {
      apiVersion: 'v1', kind: 'Pod',
      metadata: {
        name, namespace, annotations, ...(pod.metadata?.labels ? { labels: pod.metadata.labels } : {}),
        ...(node ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid: node.metadata.uid!, controller: true }] } : {}),
      },
      spec: { ...pod.spec, nodeName, tolerations: [...others, { operator: 'Exists', effect: 'NoExecute' }] },
    };
    let mirror: PodObject | undefined;
    port.submit({ verb: 'create', resource: 'pods', namespace, object }, (outcome) => {
      if (outcome.ok) mirror = outcome.object as unknown as PodObject;
    });
    return mirror ?? port.lister<PodObject>('pods').get(namespace, name);
  }

  #deleteMirror({ metadata: { namespace = '', name = '', uid = '' } }: PodObject): void {
    this.#options.port.submit({ verb: 'delete', resource: 'pods', namespace, name, gracePeriodSeconds: 0, preconditions: { uid } });
  }
}
