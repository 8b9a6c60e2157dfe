/**
 * Every controller under the name by which kube-controller-manager switches it on and off, in the order of their start.
 * `volume-provisioner` stands for the drivers of a real cluster.
 */
import type { Controller, ControllerContext } from './controller.ts';
import { CronJobController } from './cron-job/cron-job-controller.ts';
import { DaemonSetController } from './daemon-set/daemon-set-controller.ts';
import { DeploymentController } from './deployment.ts';
import { DisruptionController } from './disruption.ts';
import { EndpointSliceController } from './endpoint-slice.ts';
import { EndpointsController } from './endpoints.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { JobController } from './job/job-controller.ts';
import { TtlAfterFinished } from './job/ttl-after-finished.ts';
import { NamespaceController } from './namespace-controller.ts';
import { NodeIpamController } from './node-ipam.ts';
import { NodeLifecycleController } from './node-lifecycle.ts';
import { PodGc } from './pod-gc.ts';
import { ClaimProtection, VolumeProtection } from './protection.ts';
import { ReplicaSetController, ReplicationControllerController } from './replica-set.ts';
import { ResourceQuotaController } from './resource-quota.ts';
import { RootCaPublisher } from './root-ca-publisher.ts';
import { ServiceAccountController } from './service-account-controller.ts';
import { StatefulSetController } from './stateful-set/stateful-set-controller.ts';
import { TaintEvictionController } from './taint-eviction.ts';
import { EphemeralClaims } from './volumes/ephemeral-claims.ts';
import { VolumeBinder } from './volumes/volume-binder.ts';
import { VolumeProvisioner } from './volumes/volume-provisioner.ts';

export const controllers: Readonly<Record<string, new (context: ControllerContext) => Controller>> = {
  'serviceaccount-controller': ServiceAccountController,
  'root-ca-certificate-publisher-controller': RootCaPublisher,
  'namespace-controller': NamespaceController,
  'garbage-collector-controller': GarbageCollector,
  'resourcequota-controller': ResourceQuotaController,
  'deployment-controller': DeploymentController,
  'replicaset-controller': ReplicaSetController,
  'replicationcontroller-controller': ReplicationControllerController,
  'statefulset-controller': StatefulSetController,
  'daemonset-controller': DaemonSetController,
  'job-controller': JobController,
  'cronjob-controller': CronJobController,
  'ttl-after-finished-controller': TtlAfterFinished,
  'disruption-controller': DisruptionController,
  'endpoints-controller': EndpointsController,
  'endpointslice-controller': EndpointSliceController,
  'persistentvolume-binder-controller': VolumeBinder,
  'ephemeral-volume-controller': EphemeralClaims,
  'volume-provisioner': VolumeProvisioner,
  'persistentvolumeclaim-protection-controller': ClaimProtection,
  'persistentvolume-protection-controller': VolumeProtection,
  'node-ipam-controller': NodeIpamController,
  'node-lifecycle-controller': NodeLifecycleController,
  'taint-eviction-controller': TaintEvictionController,
  'pod-garbage-collector-controller': PodGc,
};

/** Those that make sense without nodes, and that the API recordings were made with. */
export const envtestControllers: readonly string[] = [
  'serviceaccount-controller', 'root-ca-certificate-publisher-controller', 'namespace-controller', 'garbage-collector-controller',
  'disruption-controller',
];

const eventComponents: Readonly<Record<string, string>> = {
  'replicationcontroller-controller': 'replication-controller',
  'node-lifecycle-controller': 'node-controller',
  'disruption-controller': 'controllermanager',
  'ephemeral-volume-controller': 'ephemeral_volume',
  'persistentvolume-binder-controller': 'persistentvolume-controller',
};

/** The component that a controller's Events name as their source. */
export function eventComponent(controller: string): string {
  return eventComponents[controller] ?? controller;
}
