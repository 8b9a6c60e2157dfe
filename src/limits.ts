/** Every bound of the emulator. Hitting one is an error that names it. */
export const limits = {
  /** Largest request body, as in kube-apiserver. */
  requestBodyBytesMax: 3 * 1024 * 1024,
  /** Request line and headers, as in kube-apiserver. */
  requestHeaderBytesMax: 1024 * 1024,
  /** Timers that may run at one instant: more spin. */
  timersPerInstantMax: 20_000_000,
  /** Timers that one move of a manual clock may run. */
  timersPerMoveMax: 50_000_000,
  /** Bytes that may wait for a slow watcher, beside what its watch began with, before it is cut off. */
  watchBufferBytesMax: 16 * 1024 * 1024,
  /** Bytes that may wait for a client that does not read what containers say (exec, attach, port-forward, logs) before it is cut off. */
  unreadBytesMax: 64 * 1024 * 1024,
  /** Journal entries kept; older ones are dropped. */
  journalEntriesMax: 20_000,
  /** Bytes of inputs that a cluster remembers for its snapshots. */
  recordingBytesMax: 128 * 1024 * 1024,
  /** Snapshots that a cluster keeps. */
  snapshotsMax: 1_000,
  /** A snapshot as a file: it holds every request body since the start. */
  snapshotFileBytesMax: 256 * 1024 * 1024,
  /** Clusters that one process may have. */
  clustersMax: 1_000,
  /** Objects that a cluster may have, events included; the option quota may say less. */
  objectsMax: 5_000_000,
  /** Nodes that a cluster may have; the option quota may say less. */
  nodesMax: 100_000,
  /** Clock time that pace auto moves for one who waits, in ms: an hour. */
  autoMsMax: 3600 * 1000,
  /** Rules of each kind (behaviours, faults) that a cluster may have. */
  rulesMax: 10_000,
  /** Nodes that one request may add. */
  nodesPerRequestMax: 10_000,
  /** Clock time that one advance may ask for, in ms: ten years. */
  advanceMsMax: 10 * 365 * 24 * 3600 * 1000,
  /** Instants with timers between two looks at the sockets while a manual clock moves. */
  instantsPerTurn: 2_000,
} as const;
