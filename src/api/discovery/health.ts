/** `/healthz`, `/livez` and `/readyz`: an emulator that answers is healthy (apiserver/pkg/server/healthz). */
import type { Query } from '../query.ts';

const hooks = [
  'start-apiserver-admission-initializer', 'generic-apiserver-start-informers', 'priority-and-fairness-config-consumer', 'priority-and-fairness-filter',
  'storage-object-count-tracker-hook', 'start-apiextensions-informers', 'start-apiextensions-controllers', 'crd-informer-synced',
  'start-system-namespaces-controller', 'peer-endpoint-reconciler-controller', 'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller', 'start-kube-apiserver-identity-lease-garbage-collector', 'storage-readiness',
  'start-legacy-token-tracking-controller', 'start-service-ip-repair-controllers', 'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes', 'priority-and-fairness-config-producer', 'bootstrap-controller',
  'start-kubernetes-service-cidr-controller', 'start-kube-aggregator-informers', 'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller', 'apiservice-registration-controller', 'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller', 'kube-apiserver-autoregistration', 'autoregister-completion', 'apiservice-openapi-controller',
  'apiservice-openapiv3-controller',
].map((hook) => (hook === 'autoregister-completion' ? hook : `poststarthook/${hook}`));

const liveChecks = ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...hooks];

/** The checks of each health endpoint, in the order in which it lists them. */
export const healthChecks: Readonly<Record<'healthz' | 'livez' | 'readyz', readonly string[]>> = {
  healthz: liveChecks, livez: liveChecks, readyz: ['ping', 'log', 'etcd', 'informer-sync', ...hooks, 'shutdown'],
};

/** The text of a health endpoint, or undefined when it has no such check. */
export function healthText(name: keyof typeof healthChecks, check: string, query: Query): string | undefined {
  const all = healthChecks[name];
  if (check !== '') return all.includes(check) ? 'ok' : undefined;
  if (!query.has('verbose')) return 'ok';
  const excluded = query.list('exclude') ?? [];
  const lines = all.map((one) => (excluded.includes(one) ? `[+]${one} excluded: ok` : `[+]${one} ok`));
  return `${lines.join('\n')}\n${name} check passed\n`;
}
