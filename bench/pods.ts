/** The Pods that the benchmarks create: those without a command only wait, as `pause` does. */

export function podManifest(name: string, command?: readonly string[]) {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels: { app: 'bench', name } },
    spec: { containers: [{ name: 'app', image: command ? 'busybox:1.36' : 'registry.k8s.io/pause:3.10', ...(command ? { command } : {}) }] },
  };
}
