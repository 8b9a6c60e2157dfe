/** Where fakelet differs from Kubernetes on purpose, one sentence each. The README's list is made from this one. */
export const differences: readonly string[] = [
  'Container commands are emulated, never run: a program that fakelet does not know runs for ever and answers on the ports it declares.',
  'Of known images the servers are emulated, not their tools: nginx follows its files, fixed answers and proxy_pass over HTTP; redis keeps strings, lists, hashes and sets in memory; postgres starts, logs and stops but runs no query; agnhost has the commands that serve, print, mount and log, without SCTP; nc speaks TCP alone; bash is the one shell.',
  '`wait -n` waits for the next job and gives its status, as bash does; that of busybox 1.36.1 waits for all and gives 129 or 0. Whoever attaches to a container that has just ended is told that it is not there.',
  'With hostPID a container sees its own processes only: nodes have none.',
  'Computing takes no time in a container until it took 20,000 steps in one instant; a busy loop then waits, ever longer, for the clock to move on.',
  'Every request is authorised; RBAC objects are stored but not enforced.',
  'Service-account tokens are signed with ES256 instead of RS256.',
  'Webhook conversion of CustomResourceDefinitions is refused by name (501).',
  'The first admission webhook or admission policy that would apply to a request refuses it by name (501).',
  'Controllers act within the instant of the write that concerns them: a Job whose deletion orphans its Pods is gone before the next request, not some milliseconds later.',
  'A list at a resourceVersion of the future is refused at once instead of after three seconds.',
  'A node admits 1,000 Pods by default, not 110 (--node-pods 110 for the real limit).',
  'Of TLS and gRPC only the first bytes are emulated: a server that fakelet does not know takes HTTPS and gRPC probes as well as HTTP ones, one that it knows speaks what it speaks. A gRPC server answers health checks only.',
  'Every StorageClass has a provisioner, whatever its name, except kubernetes.io/no-provisioner: the volumes are folders of the emulator. Volumes are neither attached, expanded, recycled nor filled from snapshots; a cluster has no default class until you create one.',
  'metrics.k8s.io is served without a metrics-server; a container of which no behaviour says more uses 1m CPU and 4Mi.',
];
