/** The names of programs as /proc/PID/comm, pidof and killall know them. */
import type { Machine } from './machine.ts';
import type { Process } from './process.ts';

/** What Linux keeps of a name. */
const lengthMax = 15;

/** What a server writes over its arguments begins with its name: `nginx: worker process`. */
export function comm({ name }: Process): string {
  const [title = ''] = name.split(': ', 1);
  return title.slice(title.lastIndexOf('/') + 1).slice(0, lengthMax);
}

/** The processes in sight that run a program of this name. */
export function runningNamed(machine: Machine, name: string): Process[] {
  return [...machine.processes.values()].filter((process) => !process.status && comm(process) === name);
}
