/** fakelet as a library. */
export { startKube, type Kube, type KubeClock, type KubeCluster } from './kube.ts';
export { object, pod, Awaited } from './until.ts';
export { matchers, type ExpectedEvent, type KubeMatchers, type ObjectRef } from './matchers.ts';
export { PodClient, ResourceClient, type ApplyOptions, type Draft, type ListSelection, type LogOptions, type PatchOptions, type Resources } from './resource-client.ts';
export type { Inspection } from './inspection.ts';
export { ApiError, type Status } from './api/errors.ts';
export type { ResourceTypes } from './schema/resource-types.ts';
export type { KubeObject } from './schema/objects.ts';
export type { Pod } from './schema/core/v1.ts';
export type { Options } from './options.ts';
export type { Behavior, BehaviorScript, Fault, FaultMatch, Scenario } from './schema/fakelet/v1.ts';
export { kubernetesVersion, version } from './version.ts';
