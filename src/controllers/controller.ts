/**
 * What all controllers have in common: how they are made, started and ended.
 *
 * A controller watches objects through its API port, puts the keys of what may need work into a `WorkQueue` and brings
 * the world one step closer to what the objects ask for, key by key. It refuses to keep state that it could not rebuild
 * from the API, to branch on the kind of a change, and to know a clock or randomness other than those it is given.
 */
import type { ApiPort } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import type { Prng } from '../lib/prng.ts';
import type { EventRecorder } from './events/event-recorder.ts';

export interface Controller {
  /** Begins to watch and to work. Called once. */
  start(): void;
  /** Stops watching and cancels every timer. */
  close(): void;
}

/** How long steps take that depend on the machine, not on a Pod's spec. */
export interface ControllerLatencies {
  /** From a Pod that waits to its binding. */
  readonly bindMs: number;
  /** To make a volume for a claim, or to delete one. */
  readonly provisionMs: number;
}

export interface ControllerContext {
  readonly port: ApiPort;
  readonly clock: Clock;
  readonly random: Prng;
  readonly recorder: EventRecorder;
  readonly profile: ControllerLatencies;
  /** The certificate of the cluster's authority, PEM, for `kube-root-ca.crt`. */
  readonly rootCertificate: string;
}
