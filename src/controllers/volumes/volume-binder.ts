/**
 * Brings claims and volumes together (pkg/controller/volume/persistentvolume/pv_controller.go): a claim without a volume
 * gets the smallest that suits it or asks the provisioner of its class for one; a volume whose claim is gone is kept or
 * deleted, as its policy says. Claims that wait are looked at again with every resync, not when a volume appears.
 */
import type { ApiPort, ResourceName, Write } from '../../api/port.ts';
import { equal } from '../../lib/json.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { defaultStorageClassOf, storageClassOf, wantsDefaultClass } from '../../schema/storage-class.ts';
import type { StorageClass } from '../../schema/storage/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { referenceTo, type EventRecorder, type EventType } from '../events/event-recorder.ts';
import { WorkQueue, type ReconcileResult } from '../runner.ts';
import type { Task } from '../task.ts';
import {
  annotated, bestVolume, bindCompleted, boundByController, hasAnnotation, isReservedFor, mismatch, provisionedBy, reserved, sameMode, selectedNode,
  storageProvisioner,
} from './claim-matching.ts';
import { provisionerOf, reclaim } from './volume-plugins.ts';
import { waitingFor } from './waiting-claim.ts';

const claims = 'persistentvolumeclaims';
const volumes = 'persistentvolumes';
const classes = 'storageclasses.storage.k8s.io';
const resyncMs = 15_000;
const betaStorageProvisioner = 'volume.beta.kubernetes.io/storage-provisioner';

const again: ReconcileResult = { requeueAfterMs: resyncMs };

export class VolumeBinder implements Controller {
  readonly #port: ApiPort;
  readonly #recorder: EventRecorder;
  readonly #claims: WorkQueue;
  readonly #volumes: WorkQueue;
  #stops: (() => void)[] = [];

  constructor({ port, clock, recorder }: ControllerContext) {
    this.#port = port;
    this.#recorder = recorder;
    this.#claims = new WorkQueue(clock, 'persistentvolume-binder-controller claims', (key) => this.#syncClaim(key));
    this.#volumes = new WorkQueue(clock, 'persistentvolume-binder-controller volumes', (name) => this.#syncVolume(name));
  }

  start(): void {
    this.#stops = [
      this.#port.onChange(claims, ({ key, object, previous }) => {
        if (object) this.#claims.add(key);
        const volume = (previous as PersistentVolumeClaim | undefined)?.spec.volumeName;
        if (!object && volume) this.#volumes.add(volume);
      }),
      this.#port.onChange(volumes, ({ key, object, previous }) => {
        if (object) return this.#volumes.add(key);
        const claim = (previous as PersistentVolume | undefined)?.spec.claimRef;
        if (claim) this.#claims.add(`${claim.namespace}/${claim.name}`);
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#claims.close();
    this.#volumes.close();
  }

  *#syncClaim(key: string): Task<ReconcileResult | void> {
    const [namespace = '', name = ''] = key.split('/');
    const claim = this.#port.lister<PersistentVolumeClaim>(claims).get(namespace, name);
    if (!claim) return;
    if (hasAnnotation(claim, bindCompleted)) return yield* this.#syncBound(claim);
    return yield* claim.spec.volumeName ? this.#syncAsked(claim, claim.spec.volumeName) : this.#syncUnbound(claim);
  }

  /** A claim that takes whatever volume suits it. */
  *#syncUnbound(claim: PersistentVolumeClaim): Task<ReconcileResult | void> {
    const storageClass = this.#port.lister<StorageClass>(classes).get('', storageClassOf(claim));
    const delayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
    const volume = bestVolume(claim, this.#port.lister<PersistentVolume>(volumes).list(), delayed);
    if (volume) return yield* this.#bind(volume, claim);
    const chosen = wantsDefaultClass(claim) ? defaultStorageClassOf(this.#port.lister<StorageClass>(classes).list()) : undefined;
    if (chosen !== undefined) {
      yield* this.#write(claims, claim, { ...claim, spec: { ...claim.spec, storageClassName: chosen } });
      return;
    }
    if (delayed && !hasAnnotation(claim, selectedNode)) {
      const { reason, message } = waitingFor(this.#port, claim);
      this.#claimEvent(claim, 'Normal', reason, message);
    } else if (storageClassOf(claim) !== '') {
      yield* this.#provision(claim, storageClass);
      return again;
    } else {
      this.#claimEvent(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
    }
    yield* this.#setClaim(claim, 'Pending');
    return again;
  }

  /** A claim that asks for one volume by name. */
  *#syncAsked(claim: PersistentVolumeClaim, name: string): Task<ReconcileResult | void> {
    const volume = this.#port.lister<PersistentVolume>(volumes).get('', name);
    if (volume?.spec.claimRef && !isReservedFor(volume, claim)) {
      this.#claimEvent(claim, 'Warning', 'FailedBinding', `volume "${name}" already bound to a different claim.`);
    } else if (volume) {
      const trouble = volume.spec.claimRef ? undefined : mismatch(volume, claim);
      if (trouble === undefined) return yield* this.#bind(volume, claim);
      this.#claimEvent(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${name}": ${trouble}`);
    }
    yield* this.#setClaim(claim, 'Pending');
    return again;
  }

  *#syncBound(claim: PersistentVolumeClaim): Task<void> {
    const { volumeName } = claim.spec;
    if (!volumeName) return yield* this.#lose(claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
    const volume = this.#port.lister<PersistentVolume>(volumes).get('', volumeName);
    if (!volume) return yield* this.#lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
    if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) return yield* this.#bind(volume, claim);
    yield* this.#lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
  }

  *#lose(claim: PersistentVolumeClaim, reason: string, message: string): Task<void> {
    if (claim.status?.phase === 'Lost') return;
    const lost = yield* this.#setClaim(claim, 'Lost');
    if (lost) this.#claimEvent(lost, 'Warning', reason, message);
  }

  *#provision(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): Task<void> {
    const provisioner = provisionerOf(storageClassOf(claim), storageClass);
    if ('error' in provisioner) return this.#claimEvent(claim, 'Warning', 'ProvisioningFailed', provisioner.error);
    const { name } = provisioner;
    const asked = claim.metadata.annotations?.[storageProvisioner] === name ? claim
      : yield* this.#write(claims, claim, annotated(claim, { [betaStorageProvisioner]: name, [storageProvisioner]: name }));
    if (!asked) return;
    this.#claimEvent(asked, 'Normal', 'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${name}' or manually by the system administrator. `
      + 'If volume creation is delayed, please verify that the provisioner is running and correctly registered.');
  }

  /** Four writes, each left out when it is done: the volume's reference and phase, the claim's and its. */
  *#bind(volume: PersistentVolume, claim: PersistentVolumeClaim): Task<void> {
    const taken = yield* this.#write(volumes, volume, reserved(volume, claim));
    const bound = taken && (yield* this.#setVolume(taken, 'Bound'));
    if (!bound) return;
    const name = bound.metadata.name!;
    const isNew = claim.spec.volumeName !== name;
    const marks = { ...(isNew ? { [boundByController]: 'yes' } : {}), [bindCompleted]: 'yes' };
    const marked = Object.keys(marks).every((mark) => hasAnnotation(claim, mark)) ? claim : annotated(claim, marks);
    const linked = yield* this.#write(claims, claim, isNew ? { ...marked, spec: { ...marked.spec, volumeName: name } } : marked);
    if (linked) yield* this.#setClaim(linked, 'Bound', bound);
  }

  *#syncVolume(name: string): Task<void> {
    const volume = this.#port.lister<PersistentVolume>(volumes).get('', name);
    if (!volume) return;
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) return void (yield* this.#setVolume(volume, 'Available'));
    const named = this.#port.lister<PersistentVolumeClaim>(claims).get(claimRef.namespace ?? '', claimRef.name ?? '');
    const claim = named?.metadata.uid === claimRef.uid ? named : undefined;
    if (!claim) return yield* this.#release(volume);
    if (!claim.spec.volumeName) return this.#leaveToClaim(volume, claim);
    if (claim.spec.volumeName === name) return void (yield* this.#setVolume(volume, 'Bound'));
    if (hasAnnotation(volume, provisionedBy) && volume.spec.persistentVolumeReclaimPolicy === 'Delete') return yield* this.#release(volume);
    yield* this.#unbind(volume);
  }

  /** The claim's own look finishes the binding, unless the two can never fit. */
  #leaveToClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): void {
    if (sameMode(claim, volume)) return this.#claims.add(`${claim.metadata.namespace}/${claim.metadata.name}`);
    this.#volumeEvent(volume, 'Warning', 'VolumeMismatch',
      `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" due to incompatible volumeMode.`);
    this.#claimEvent(claim, 'Warning', 'VolumeMismatch',
      `Cannot bind PersistentVolume "${volume.metadata.name}" to requested PersistentVolumeClaim due to incompatible volumeMode.`);
  }

  /** The volume goes back to the others: its claim has another one. */
  *#unbind(volume: PersistentVolume): Task<void> {
    const { claimRef, ...spec } = volume.spec;
    const { [boundByController]: mark, ...annotations } = volume.metadata.annotations ?? {};
    const { uid: _, ...reference } = claimRef!;
    const free = mark === undefined ? { ...volume, spec: { ...spec, claimRef: reference } } : { ...volume, spec, metadata: { ...volume.metadata, annotations } };
    const written = yield* this.#write(volumes, volume, free);
    if (written) yield* this.#setVolume(written, 'Available');
  }

  *#release(volume: PersistentVolume): Task<void> {
    const { phase } = volume.status ?? {};
    const released = phase === 'Released' || phase === 'Failed' ? volume : yield* this.#setVolume(volume, 'Released');
    const outcome = released && reclaim(released);
    if (!outcome) return;
    if (outcome === 'delete') {
      yield* this.#volumes.write(this.#port, released.metadata.name!, { verb: 'delete', resource: volumes, name: released.metadata.name! });
      return;
    }
    if (phase === 'Failed') return;
    const failed = yield* this.#setVolume(released, 'Failed', outcome.error);
    if (failed) this.#volumeEvent(failed, 'Warning', 'VolumeFailedDelete', outcome.error);
  }

  *#setVolume(volume: PersistentVolume, phase: string, message = ''): Task<PersistentVolume | undefined> {
    if (volume.status?.phase === phase) return volume;
    const { message: _, ...status } = volume.status ?? {};
    return yield* this.#write(volumes, volume, { ...volume, status: { ...status, phase, ...(message === '' ? {} : { message }) } }, 'status');
  }

  /** Without a volume the claim has neither size nor modes. */
  *#setClaim(claim: PersistentVolumeClaim, phase: string, volume?: PersistentVolume): Task<PersistentVolumeClaim | undefined> {
    const { accessModes: _modes, capacity: old, currentVolumeAttributesClassName: attributes, ...rest } = claim.status ?? {};
    if (!volume) return yield* this.#write(claims, claim, { ...claim, status: { ...rest, phase } }, 'status');
    const { accessModes, capacity, volumeAttributesClassName } = volume.spec;
    const becomesBound = claim.status?.phase !== phase;
    const sizes = becomesBound && (!old?.['storage'] || parseQuantity(old['storage']).cmp(parseQuantity(capacity?.['storage'] ?? '0')) !== 0) ? capacity : old;
    const attributesNow = becomesBound ? volumeAttributesClassName : attributes;
    const status = {
      ...rest, phase, ...(accessModes ? { accessModes } : {}), ...(sizes ? { capacity: sizes } : {}),
      ...(attributesNow === undefined ? {} : { currentVolumeAttributesClassName: attributesNow }),
    };
    return yield* this.#write(claims, claim, { ...claim, status }, 'status');
  }

  /** The object as it is afterwards; undefined when the write was refused, which brings it back. Writes nothing that is there. */
  *#write<T extends KubeObject>(resource: ResourceName, before: T, object: T, subresource?: 'status'): Task<T | undefined> {
    if (equal(before, object)) return before;
    const { namespace, name } = object.metadata;
    const write: Write = { verb: 'update', resource, object, ...(subresource ? { subresource } : {}) };
    const outcome = yield* namespace ? this.#claims.write(this.#port, `${namespace}/${name}`, write) : this.#volumes.write(this.#port, name!, write);
    return outcome.ok ? (outcome.object as T) : undefined;
  }

  #claimEvent(claim: PersistentVolumeClaim, type: EventType, reason: string, message: string): void {
    this.#recorder.event(referenceTo('PersistentVolumeClaim', claim), type, reason, message);
  }

  #volumeEvent(volume: PersistentVolume, type: EventType, reason: string, message: string): void {
    this.#recorder.event(referenceTo('PersistentVolume', volume), type, reason, message);
  }
}
