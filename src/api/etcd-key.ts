/** Keys as a real server's etcd has them, which some error texts show (pkg/kubeapiserver/default_storage_factory_builder.go). */
import type { ResourceDef } from './registry.ts';

const specialPrefixes: Readonly<Record<string, string>> = {
  'replicationcontrollers': 'controllers', 'endpoints': 'services/endpoints', 'nodes': 'minions', 'services': 'services/specs',
  'ingresses.networking.k8s.io': 'ingress',
};
/** These are kept under their group, as custom resources are. */
const groupsOfOtherServers: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

export function etcdKey({ group, resource, name: qualified, type, namespaced }: ResourceDef, namespace: string, name: string): string {
  const own = type && !groupsOfOtherServers.has(group) ? specialPrefixes[qualified] ?? resource : `${group}/${resource}`;
  return `/registry/${own}/${namespaced ? `${namespace}/` : ''}${name}`;
}
