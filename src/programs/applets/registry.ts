/** All applets by name. */
import { sh } from '../shell/main.ts';
import type { Process, Program } from '../process.ts';
import { Errno } from '../errno.ts';
import type { Run } from '../wait.ts';
import { chgrp, chmod, chown, stat } from './attributes.ts';
import { awk } from './awk.ts';
import { clear, fail, nologin, sleep, succeed, usleep, yes } from './basic.ts';
import { cut, expand, fold, nl, paste, rev, seq, tac, tr } from './columns.ts';
import { cmp } from './cmp.ts';
import { cp, ln, mv } from './copy.ts';
import { date } from './date.ts';
import { diff } from './diff.ts';
import { chroot, dd, df, du, fallocate, mkfifo, mount, sync, truncate, umount } from './disk.ts';
import { echo, printf } from './echo.ts';
import { base64, checksum, crc32, gzip } from './encode.ts';
import { dc, expr } from './expr.ts';
import { link, mkdir, rm, rmdir, touch, unlinkFile } from './file-tools.ts';
import { find } from './find.ts';
import { factor } from './factor.ts';
import { getopt } from './getopt.ts';
import { grep } from './grep.ts';
import { head, tail } from './head-tail.ts';
import { hexdump } from './hexdump.ts';
import { httpd } from './httpd.ts';
import { arch, env, free, groups, hostid, hostname, id, nproc, tty, uname, uptime, whoami } from './identity.ts';
import { baseName } from './input.ts';
import { kill, killall } from './kill.ts';
import { ls } from './ls.ts';
import { ifconfig, ip, netstat, route } from './network-config.ts';
import { nc, nslookup, ping, wget } from './network-tools.ts';
import { od } from './od.ts';
import { BadOption, showUsage } from './options.ts';
import { basename, dirname, mktemp, readlink, realpath, which } from './paths.ts';
import { nice, pidof, ps, setsid, time, timeout, xargs } from './process-tools.ts';
import { sed } from './sed.ts';
import { shuf, sort, uniq } from './sort.ts';
import { stty } from './stty.ts';
import { tar } from './tar.ts';
import { test } from './test.ts';
import { lineEndings, strings, unexpand } from './text-filters.ts';
import { cat, tee, wc } from './text-tools.ts';
import { xxd } from './xxd.ts';

/** A builtin of the shell as a program of its own. */
function alone(run: (process: Process, words: readonly string[], name: string) => Run<number>): Program {
  return (process) => run(process, process.args, baseName(process.name));
}

const shells: Readonly<Record<string, Program>> = { ash: sh, sh };

const programs: Readonly<Record<string, Program>> = {
  '[': alone(test), '[[': alone(test), arch, awk, base64, basename, cat, chgrp, chmod, chown, chroot, clear, cmp, cp, crc32, cut, date, dc, dd, df, diff,
  dirname, dos2unix: lineEndings, du, echo: alone(echo), egrep: grep, env, expand, expr, factor, fallocate, false: fail, fgrep: grep, find, fold, free, getopt,
  grep, groups, gunzip: gzip, gzip, head, hexdump, hostid, hostname, httpd, id, ifconfig, ip, kill: alone(kill), killall, less: cat, link, ln, ls,
  md5sum: checksum, mkdir, mkfifo, mktemp, more: cat, mount, mv, nc, netstat, nice, nl, nologin, nproc, nslookup, od, paste, pidof, ping,
  printf: alone(printf), ps, readlink, realpath, rev, rm, rmdir, route, sed, seq, setsid, sha1sum: checksum, sha256sum: checksum, sha512sum: checksum, shuf,
  sleep, sort, stat, strings, stty, sync, tac, tail, tar, tee, test: alone(test), time, timeout, touch, tr, true: succeed, truncate, tty, umount, uname,
  unexpand, uniq, unix2dos: lineEndings, unlink: unlinkFile, uptime, usleep, wc, wget, which, whoami, xargs, xxd, yes, zcat: gzip,
};

/** Turns what an applet did not handle into messages: options that it does not have, failed system calls. */
function guarded(name: string, program: Program): Program {
  return function* (process): Run<number> {
    try {
      return yield* program(process);
    } catch (error) {
      if (error instanceof BadOption) return showUsage(process, name, error.message);
      if (!(error instanceof Errno) || error.code === 'EPIPE') throw error;
      process.complain(`${name}: ${error.code === 'ENOSPC' ? 'write error: ' : ''}${error.message}\n`);
      return 1;
    }
  };
}

export const applets: ReadonlyMap<string, Program> = new Map([
  ...Object.entries(programs).map(([name, program]): [string, Program] => [name, guarded(name, program)]),
  ...Object.entries(shells),
]);

/** The busybox executable: the applet is the name it was called by, or the first argument. */
export function* busybox(process: Process): Run<number> {
  if (baseName(process.name) === 'busybox') process.args = process.args.slice(1);
  const applet = applets.get(baseName(process.name).replace(/^-/, ''));
  if (applet) return yield* applet(process);
  process.complain(`${process.name}: applet not found\n`);
  return 127;
}
