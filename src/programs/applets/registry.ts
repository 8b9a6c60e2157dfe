/** All applets by name. */
import { sh } from '../shell/main.ts';
import type { Process, Program } from '../process.ts';
import type { Run } from '../wait.ts';
import { fail, sleep, succeed, usleep, yes } from './basic.ts';
import { echo, printf } from './echo.ts';
import { mkdir, rm, rmdir, touch } from './file-tools.ts';
import { kill, killall } from './kill.ts';
import { BadOption, showUsage } from './options.ts';
import { test } from './test.ts';
import { cat, tee, wc } from './text-tools.ts';

/** A builtin of the shell as a program of its own. */
function alone(run: (process: Process, words: readonly string[], name: string) => Run<number>): Program {
  return (process) => run(process, process.args, baseName(process.name));
}

const programs: Readonly<Record<string, Program>> = {
  '[': alone(test), '[[': alone(test), ash: sh, cat, echo: alone(echo), false: fail, kill: alone(kill), killall, mkdir,
  printf: alone(printf), rm, rmdir, sh, sleep, tee, test: alone(test), touch, true: succeed, usleep, wc, yes,
};

/** An option that it does not have makes an applet print its help. */
function guarded(name: string, program: Program): Program {
  return function* (process): Run<number> {
    try {
      return yield* program(process);
    } catch (error) {
      if (!(error instanceof BadOption)) throw error;
      return showUsage(process, name, error.message);
    }
  };
}

export const applets: ReadonlyMap<string, Program> = new Map(
  Object.keys(programs).map((name) => [name, name === 'sh' || name === 'ash' ? programs[name]! : guarded(name, programs[name]!)]),
);

/** The busybox executable: the applet is the name it was called by, or the first argument. */
export function* busybox(process: Process): Run<number> {
  const name = baseName(process.name);
  if (name === 'busybox') process.args = process.args.slice(1);
  const applet = applets.get(baseName(process.name));
  if (applet) return yield* applet(process);
  process.complain(`${process.name}: applet not found\n`);
  return 127;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/^-/, '');
}
