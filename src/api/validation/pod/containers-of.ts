/** Every container of a pod with its path, in upstream's order: init, regular, ephemeral. */
import type { Container, PodSpec } from '../../../schema/core/v1.ts';

export function containersOf(spec: PodSpec, specPath: string): [container: Container, path: string][] {
  const found: [Container, string][] = [];
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    spec[list]?.forEach((container, i) => found.push([container as Container, `${specPath}.${list}[${i}]`]));
  }
  return found;
}
