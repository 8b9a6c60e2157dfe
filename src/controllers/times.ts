/** Times as the API writes them. */
import type { Millis } from '../clock/clock.ts';

/** RFC 3339 in whole seconds: metav1.Time. */
export function timeOf(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 with microseconds: metav1.MicroTime. */
export function microTimeOf(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, -1)}000Z`;
}

/** Milliseconds since the epoch of either form; 0 when there is none. */
export function millisOf(time: string | null | undefined): Millis {
  return time ? Date.parse(time) : 0;
}
