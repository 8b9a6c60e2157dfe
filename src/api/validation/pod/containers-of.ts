/** Every container of a pod with its path, in upstream's order: init, regular, ephemeral. */
import type { Container, PodSpec } from '../../../schema/core/v1.ts';

export function* containersOf(spec: PodSpec, specPath: string): Generator<[container: Container, path: string]> {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [i, container] of (spec[list] ?? []).entries()) yield [container as Container, `${specPath}.${list}[${i}]`];
  }
}
