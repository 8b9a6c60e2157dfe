/** `/healthz`, `/livez` and `/readyz`: an emulator that answers is healthy (apiserver/pkg/server/healthz). */
import type { Query } from '../query.ts';

const checks = ['ping', 'log', 'etcd', 'poststarthook/start-apiserver-admission-initializer', 'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer', 'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers', 'poststarthook/crd-informer-synced', 'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes', 'poststarthook/start-kube-apiserver-identity-lease-controller',
  'poststarthook/apiservice-registration-controller', 'poststarthook/apiservice-discovery-controller', 'autoregister-completion'];
const readyOnly = ['informer-sync', 'shutdown'];

/** The text of a health endpoint, or undefined when it has no such check. */
export function healthText(name: string, check: string, query: Query): string | undefined {
  const all = name === 'readyz' ? [...checks, ...readyOnly] : checks;
  if (check !== '') return all.includes(check) ? 'ok' : undefined;
  if (!query.has('verbose')) return 'ok';
  const excluded = query.list('exclude') ?? [];
  const lines = all.map((one) => (excluded.includes(one) ? `[+]${one} excluded: ok` : `[+]${one} ok`));
  return `${lines.join('\n')}\n${name} check passed\n`;
}
