/**
 * How long the kubelet's own steps take. `realistic` uses medians of the recordings, `fast` takes no time where it can, and neither
 * touches the times that a Pod's spec or Kubernetes' constants ask for.
 */
export interface KubeletLatencies {
  /** From a change of a Pod at the API to the sync of its worker; what the kubelet sees by itself it acts on at once. */
  readonly podSyncMs: number;
  /** From a new status to its write; quick changes in between are written as one. */
  readonly statusWriteMs: number;
  /** Period of the look at the runtime; 0: every change is seen at once. */
  readonly relistPeriodMs: number;
  /** Where in the period the looks lie, on the wall clock. A real kubelet has no such place: its looks drift by their own length, and recordings show all. */
  readonly relistPhaseMs: number;
  /** From a sync that started something to the look at its Pod. */
  readonly podRelistMs: number;
  /** Period of the loop that starts retries and finds deadlines; 0: they happen at their time. */
  readonly syncLoopPeriodMs: number;
  readonly syncLoopPhaseMs: number;
  /** From a new Pod to the first attempt to mount its volumes. */
  readonly volumeMountMs: number;
  /** Period in which a sync that waits for volumes looks whether they are there. */
  readonly volumePollMs: number;
  /** Unmounting the volumes of a Pod that has ended. */
  readonly volumeUnmountMs: number;
  /** Making a container's configuration and creating it. */
  readonly containerCreateMs: number;
  /**
   * Least time of a round that only the looks at the runtime hold up: RestartAllContainers, which knows no back-off, and
   * the probes of a container that has ended. Where looks take no time, they would go round for ever at one instant.
   */
  readonly roundMs: number;
  /** Taking the network of a sandbox away. */
  readonly sandboxStopMs: number;
}

export const realisticLatencies: KubeletLatencies = {
  podSyncMs: 25, statusWriteMs: 8, relistPeriodMs: 1000, relistPhaseMs: 270, podRelistMs: 25, syncLoopPeriodMs: 1000, syncLoopPhaseMs: 500,
  volumeMountMs: 100, volumePollMs: 300, volumeUnmountMs: 15, containerCreateMs: 35, roundMs: 0, sandboxStopMs: 120,
};

export const fastLatencies: KubeletLatencies = {
  podSyncMs: 0, statusWriteMs: 0, relistPeriodMs: 0, relistPhaseMs: 0, podRelistMs: 0, syncLoopPeriodMs: 0, syncLoopPhaseMs: 0,
  volumeMountMs: 0, volumePollMs: 0, volumeUnmountMs: 0, containerCreateMs: 0, roundMs: 1000, sandboxStopMs: 0,
};
