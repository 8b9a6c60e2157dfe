/**
 * Makes volumes for claims and deletes them, in the place of the drivers that a real cluster would run
 * (sig-storage-lib-external-provisioner). Every class has one here, whatever its provisioner is called, except those whose
 * volumes are made by hand. What it makes are folders of a node, as the local-path provisioner's are.
 */
import type { ApiPort } from '../../api/port.ts';
import type { Clock, Millis } from '../../clock/clock.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../schema/core/v1.ts';
import { storageClassOf } from '../../schema/storage-class.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { referenceTo, type EventRecorder } from '../events/event-recorder.ts';
import { WorkQueue, type ReconcileResult } from '../runner.ts';
import type { Task } from '../task.ts';
import { provisionedBy, requestOf, selectedNode, storageProvisioner } from './claim-matching.ts';

const claims = 'persistentvolumeclaims';
const volumes = 'persistentvolumes';
const hostname = 'kubernetes.io/hostname';

interface Making {
  readonly claimUid: string;
  readonly readyAt: Millis;
}

export class VolumeProvisioner implements Controller {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #provisionMs: number;
  readonly #claims: WorkQueue;
  readonly #volumes: WorkQueue;
  /** By the key of the claim whose volume is being made. */
  readonly #making = new Map<string, Making>();
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder, profile }: ControllerContext) {
    this.#port = port;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#provisionMs = profile.provisionMs;
    this.#claims = new WorkQueue(clock, 'volume-provisioner claims', (key) => this.#provision(key));
    this.#volumes = new WorkQueue(clock, 'volume-provisioner volumes', (name) => this.#dispose(name));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(claims, ({ key, object }) => {
        if (object && this.#classToProvision(object as PersistentVolumeClaim)) this.#claims.add(key);
      }),
      this.#port.onChange(volumes, ({ key, object }) => {
        if (object && isDisposable(object as PersistentVolume)) this.#volumes.addAfter(key, this.#provisionMs);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#claims.close();
    this.#volumes.close();
    this.#making.clear();
  }

  /** Says that it begins, and makes the volume some time later, unless the claim is gone or served by then. */
  *#provision(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const claim = this.#port.lister<PersistentVolumeClaim>(claims).get(namespace, name);
    const storageClass = claim && this.#classToProvision(claim);
    if (!storageClass) return void this.#making.delete(key);
    const reference = referenceTo('PersistentVolumeClaim', claim);
    const { uid = '' } = claim.metadata;
    let making = this.#making.get(key);
    if (making?.claimUid !== uid) {
      this.#making.set(key, making = { claimUid: uid, readyAt: this.#clock.now() + this.#provisionMs });
      this.#recorder.event(reference, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`);
    }
    const requeueAfterMs = making.readyAt - this.#clock.now();
    if (requeueAfterMs > 0) return { requeueAfterMs };
    this.#making.delete(key);
    const node = this.#port.lister<Node>('nodes').get('', claim.metadata.annotations?.[selectedNode] ?? '');
    const volume = volumeFor(claim, storageClass, node);
    const outcome = yield* this.#claims.write(this.#port, key, { verb: 'create', resource: volumes, object: volume });
    if (outcome.ok) this.#recorder.event(reference, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
  }

  /** The class of a claim that asks for a volume now. */
  #classToProvision(claim: PersistentVolumeClaim): StorageClass | undefined {
    const { deletionTimestamp, annotations = {} } = claim.metadata;
    if (claim.spec.volumeName || deletionTimestamp || !annotations[storageProvisioner]) return undefined;
    const storageClass = this.#port.lister<StorageClass>('storageclasses.storage.k8s.io').get('', storageClassOf(claim));
    return storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !(selectedNode in annotations) ? undefined : storageClass;
  }

  *#dispose(name: string): Task<void> {
    const volume = this.#port.lister<PersistentVolume>(volumes).get('', name);
    if (volume && isDisposable(volume)) yield* this.#volumes.write(this.#port, name, { verb: 'delete', resource: volumes, name });
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
