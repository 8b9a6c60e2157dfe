/** The Pods that the benchmarks create. */

export function podManifest(name: string, command?: readonly string[]) {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels: { app: 'bench', name } },
    spec: { containers: [{ name: 'app', image: command ? 'busybox:1.36' : 'nginx:1.27', ...(command ? { command } : {}) }] },
  };
}
