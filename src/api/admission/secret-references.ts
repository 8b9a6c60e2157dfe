/** Where a Pod refers to Secrets. */
import type { Pod } from '../../schema/core/v1.ts';

export interface SecretReference {
  readonly from: 'volume' | 'init container' | 'container' | 'ephemeral container' | 'pull secret';
  readonly secret: string;
  readonly container?: string;
  /** The environment variable; absent for envFrom. */
  readonly variable?: string;
}

export function secretReferences({ spec }: Pod): SecretReference[] {
  const volumes = (spec.volumes ?? []).flatMap(({ secret }) =>
    (secret?.secretName ? [{ from: 'volume' as const, secret: secret.secretName }] : []));
  const containers = ([
    ['init container', spec.initContainers], ['container', spec.containers], ['ephemeral container', spec.ephemeralContainers],
  ] as const).flatMap(([from, list]) => (list ?? []).flatMap(({ name: container, env = [], envFrom = [] }): SecretReference[] => [
    ...env.flatMap(({ name: variable, valueFrom }) =>
      (valueFrom?.secretKeyRef ? [{ from, container, variable, secret: valueFrom.secretKeyRef.name ?? '' }] : [])),
    ...envFrom.flatMap(({ secretRef }) => (secretRef ? [{ from, container, secret: secretRef.name ?? '' }] : [])),
  ]));
  const pullSecrets = (spec.imagePullSecrets ?? []).map(({ name = '' }) => ({ from: 'pull secret' as const, secret: name }));
  return [...volumes, ...containers, ...pullSecrets];
}
