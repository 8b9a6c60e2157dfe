/**
 * Makes volumes for claims and deletes them, in the place of the drivers that a real cluster would run
 * (sig-storage-lib-external-provisioner). Every class has one here, whatever its provisioner is called, except those whose
 * volumes are made by hand. What it makes are folders of a node, as the local-path provisioner's are.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../schema/core/v1.ts';
import { storageClassOf } from '../../schema/storage-class.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { referenceTo, type EventRecorder } from '../events/event-recorder.ts';
import { provisionedBy, requestOf, selectedNode, storageProvisioner } from './claim-matching.ts';

const claims = 'persistentvolumeclaims';
const volumes = 'persistentvolumes';
const hostname = 'kubernetes.io/hostname';

export class VolumeProvisioner implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #provisionMs: number;
  /** Claims whose volumes are being made, by key. */
  readonly #making = new Map<string, Timer>();
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder, profile }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#provisionMs = profile.provisionMs;
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(claims, ({ key, object }) => this.#claimChanged(key, object as PersistentVolumeClaim | undefined)),
      this.#port.onChange(volumes, ({ object }) => {
        if (object && isDisposable(object as PersistentVolume)) this.#deleteLater(object as PersistentVolume);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const timer of this.#making.values()) this.#clock.cancel(timer);
    this.#making.clear();
  }

  #claimChanged(key: string, claim: PersistentVolumeClaim | undefined): void {
    if (!claim || !this.#shouldProvision(claim) || this.#making.has(key)) return;
    const reference = referenceTo('PersistentVolumeClaim', claim);
    this.#recorder.event(reference, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`);
    this.#making.set(key, this.#clock.after(this.#provisionMs, 'volume provisioner', () => {
      this.#making.delete(key);
      this.#provision(claim);
    }));
  }

  #shouldProvision({ metadata, spec }: PersistentVolumeClaim): boolean {
    if (spec.volumeName || metadata.deletionTimestamp || !metadata.annotations?.[storageProvisioner]) return false;
    const storageClass = this.#classOf({ metadata, spec } as PersistentVolumeClaim);
    return storageClass !== undefined && (storageClass.volumeBindingMode !== 'WaitForFirstConsumer' || selectedNode in metadata.annotations);
  }

  /** Makes the volume, unless the claim is gone or served. */
  #provision({ metadata: { namespace = '', name = '', uid } }: PersistentVolumeClaim): void {
    const claim = this.#port.lister<PersistentVolumeClaim>(claims).get(namespace, name);
    const storageClass = claim && this.#classOf(claim);
    if (!claim || claim.metadata.uid !== uid || !storageClass || !this.#shouldProvision(claim)) return;
    const node = this.#port.lister<Node>('nodes').get('', claim.metadata.annotations?.[selectedNode] ?? '');
    const volume = volumeFor(claim, storageClass, node);
    this.#port.submit({ verb: 'create', resource: volumes, object: volume }, (outcome) => {
      if (!outcome.ok) return;
      this.#recorder.event(referenceTo('PersistentVolumeClaim', claim), 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
    });
  }

  /** A write never runs inside the handler of a change. */
  #deleteLater({ metadata: { name = '' } }: PersistentVolume): void {
    if (this.#making.has(name)) return;
    this.#making.set(name, this.#clock.after(this.#provisionMs, 'volume provisioner', () => {
      this.#making.delete(name);
      const volume = this.#port.lister<PersistentVolume>(volumes).get('', name);
      if (volume && isDisposable(volume)) this.#port.submit({ verb: 'delete', resource: volumes, name });
    }));
  }

  #classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    return this.#port.lister<StorageClass>('storageclasses.storage.k8s.io').get('', storageClassOf(claim));
  }
}

/** Made by a provisioner, no longer claimed, and not to be kept. */
function isDisposable({ metadata, spec, status }: PersistentVolume): boolean {
  return status?.phase === 'Released' && spec.persistentVolumeReclaimPolicy === 'Delete' && metadata.deletionTimestamp === undefined
    && Boolean(metadata.annotations?.[provisionedBy]);
}

function volumeFor(claim: PersistentVolumeClaim, storageClass: StorageClass, node: Node | undefined): PersistentVolume {
  const { namespace = '', name = '', uid = '', resourceVersion = '', annotations } = claim.metadata;
  const volumeName = `pvc-${uid}`;
  const { accessModes, volumeMode } = claim.spec;
  const { mountOptions, reclaimPolicy = 'Delete' } = storageClass;
  const values = node && [node.metadata.labels?.[hostname] ?? node.metadata.name ?? ''];
  return {
    apiVersion: 'v1', kind: 'PersistentVolume',
    metadata: { name: volumeName, annotations: { [provisionedBy]: annotations?.[storageProvisioner] ?? storageClass.provisioner } },
    spec: {
      capacity: { storage: requestOf(claim).canonical() },
      hostPath: { path: `/var/local-path-provisioner/${volumeName}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
      ...(accessModes ? { accessModes } : {}),
      claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: storageClassOf(claim),
      ...(mountOptions ? { mountOptions } : {}),
      ...(volumeMode === undefined ? {} : { volumeMode }),
      ...(values ? { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: hostname, operator: 'In', values }] }] } } } : {}),
    },
    status: {},
  };
}
