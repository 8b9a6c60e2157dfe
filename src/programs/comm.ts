/** The names of programs as /proc/PID/comm, pidof and killall know them. */
import type { Process } from './process.ts';

/** What Linux keeps of a name. */
const lengthMax = 15;

/** What a server writes over its arguments begins with its name: `nginx: worker process`. */
export function comm({ name }: Process): string {
  const [title = ''] = name.split(': ', 1);
  return title.slice(title.lastIndexOf('/') + 1).slice(0, lengthMax);
}
