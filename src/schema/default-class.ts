/** Classes that an annotation marks as the default of their kind. */
import type { KubeObject } from './objects.ts';

/** The name of the default class; of several the newest, then the first by name. */
export function defaultOf(classes: readonly KubeObject[], annotations: readonly string[]): string | undefined {
  const marked = classes.filter(({ metadata }) => annotations.some((name) => metadata.annotations?.[name] === 'true'));
  const age = ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '';
  const best = marked.sort((a, b) => (age(a) === age(b) ? (a.metadata.name! < b.metadata.name! ? -1 : 1) : age(a) > age(b) ? -1 : 1))[0];
  return best?.metadata.name;
}
