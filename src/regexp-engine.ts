/**
 * Programs in containers bring regular expressions of their own, and one that backtracks without end would stop the whole
 * cluster. V8 can go on with its linear engine instead; that is a setting of the process, so it is made where a cluster
 * or a script starts. What the linear engine lacks is refused in `programs/regex.ts`.
 */
import v8 from 'node:v8';

export function useLinearEngine(): void {
  v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
}
