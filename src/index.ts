/** fakelet as a library. */
export { startKube, type Kube, type KubeClock } from './kube.ts';
export { object, pod, Awaited } from './until.ts';
export type { Options } from './options.ts';
export type { Behavior, BehaviorScript, Fault, FaultMatch, Scenario } from './schema/fakelet/v1.ts';
export { kubernetesVersion, version } from './version.ts';
