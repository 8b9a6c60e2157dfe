/** The containers of a Pod's spec by kind, and the name of each in Events. */
import type { Container, Pod } from '../../schema/core/v1.ts';

export type ContainerKind = 'init' | 'sidecar' | 'main' | 'ephemeral';

/** A sidecar is an init container that is always restarted. */
export const isSidecar = (initContainer: Container): boolean => initContainer.restartPolicy === 'Always';

export const initContainersOf = (pod: Pod): readonly Container[] => pod.spec.initContainers ?? [];

/** Ephemeral containers have a subset of a container's members. */
export const ephemeralContainersOf = (pod: Pod): readonly Container[] => pod.spec.ephemeralContainers ?? [];

/** Regular and restartable init containers: those that may have probes. */
export const probedContainersOf = (pod: Pod): readonly Container[] =>
  [...pod.spec.containers, ...initContainersOf(pod).filter(isSidecar)];

export interface SpecContainer {
  readonly kind: ContainerKind;
  readonly container: Container;
}

/** Finds a container of any kind by its name. */
export function findContainer(pod: Pod, name: string): SpecContainer | undefined {
  const named = (container: Container) => container.name === name;
  const main = pod.spec.containers.find(named);
  if (main) return { kind: 'main', container: main };
  const init = initContainersOf(pod).find(named);
  if (init) return { kind: isSidecar(init) ? 'sidecar' : 'init', container: init };
  const ephemeral = ephemeralContainersOf(pod).find(named);
  return ephemeral && { kind: 'ephemeral', container: ephemeral };
}

const listOf = { main: 'containers', init: 'initContainers', sidecar: 'initContainers', ephemeral: 'ephemeralContainers' } as const;

/** `spec.containers{web}`: how Events name a container. */
export const fieldPathOf = ({ kind, container }: SpecContainer): string => `spec.${listOf[kind]}{${container.name}}`;

/** `web_default(0b1c…)`: how messages name a Pod (kubelet/util/format Pod). */
export const printPod = (pod: Pod): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
