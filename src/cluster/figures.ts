/** Figures for whoever watches the emulator itself. */
import type { Cluster } from './cluster.ts';

export function figuresOf({ api, store, clock, requests }: Cluster) {
  const { registry } = api.services;
  const objects = new Map<string, number>();
  for (const { group, versions } of registry.groups()) {
    for (const { name, prefix } of versions.flatMap((version) => registry.resources(group, version))) objects.set(name, store.count(prefix));
  }
  return { revision: store.revision, pendingTimers: clock.pending().count, clockSeconds: clock.now() / 1000, objects, requests };
}
