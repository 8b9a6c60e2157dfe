/** Bounds of what runs inside a container. Hitting one is an error of the program, as on Linux, or slows it down. */
export const programLimits = {
  /** Steps (commands, reads, writes) that a process may take before the clock must move on. */
  stepsPerSlice: 20_000,
  /** A process that used up its slice goes on after this time, which grows each time up to the most. */
  spinDelayGrowth: 1.15,
  spinDelayLeastMs: 1,
  spinDelayMostMs: 4_000,
  /** Processes that a container may start before the clock must move on. */
  startsPerSlice: 250,
  processesMax: 4_096,
  pipeBytesMax: 65_536,
  /** Bytes of one file, and of a string that a program builds. */
  fileBytesMax: 256 * 1024 * 1024,
  /** Memory that a container without a limit may take before it counts as out of memory. */
  memoryBytesMax: 256 * 1024 * 1024,
  symbolicLinksMax: 40,
  shellDepthMax: 200,
  openFilesMax: 1_024,
} as const;
