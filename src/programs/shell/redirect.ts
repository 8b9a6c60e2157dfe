/** Redirections of a shell. */
import { attempt, Errno } from '../errno.ts';
import type { OpenFile } from '../open-file.ts';
import { Pipe } from '../pipe.ts';
import type { Process } from '../process.ts';
import { forAppending, forReading, forWriting, open, stat, type OpenFlags } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import type { Redirect } from './ast.ts';
import { expandText } from './expand.ts';
import type { Shell } from './shell.ts';

export interface SavedFile {
  readonly fd: number;
  readonly file: OpenFile | undefined;
}

/** Applies redirections; undefined when one failed, which was reported and undone. */
export function* applyRedirects(shell: Shell, redirects: readonly Redirect[]): Run<SavedFile[] | undefined> {
  const saved: SavedFile[] = [];
  const { process } = shell;
  for (const redirect of redirects) {
    const target = yield* expandText(shell, redirect.target);
    const both = redirect.operator.startsWith('&') || (redirect.operator === '>&' && !/^(\d+|-)$/.test(target));
    const error = attempt(() => {
      const file = openTarget(shell, redirect, target, both);
      place(process, both ? 1 : redirect.fd, file, saved);
      if (both) place(process, 2, file, saved);
    });
    if (!(error instanceof Errno)) continue;
    restoreFiles(process, saved);
    shell.warn(explain(redirect, target, error));
    return undefined;
  }
  return saved;
}

/** Puts the descriptors back. */
export function restoreFiles(process: Process, saved: readonly SavedFile[]): void {
  for (const { fd, file } of saved.toReversed()) {
    process.setFile(fd, file);
    file?.release();
  }
}

/** The redirections stay (`exec > file`). */
export function keepFiles(saved: readonly SavedFile[]): void {
  for (const { file } of saved) file?.release();
}

function place(process: Process, fd: number, file: OpenFile | undefined, saved: SavedFile[]): void {
  const before = process.files[fd];
  before?.retain();
  saved.push({ fd, file: before });
  process.setFile(fd, file);
}

const flagsOf: Readonly<Record<string, OpenFlags>> = {
  '<': forReading, '<>': { read: true, write: true, create: true }, '>': forWriting, '>|': forWriting, '&>': forWriting, '>&': forWriting,
  '>>': forAppending, '&>>': forAppending,
};

function openTarget({ process, flags }: Shell, redirect: Redirect, target: string, both: boolean): OpenFile | undefined {
  if (redirect.operator === '<<') return hereDocument(target);
  if ((redirect.operator === '<&' || redirect.operator === '>&') && !both) return target === '-' ? undefined : process.file(Number(target));
  if (redirect.operator === '>' && flags.has('C')) protect(process, target);
  return open(process, target, flagsOf[redirect.operator]!);
}

/** noclobber: files that exist are not overwritten. Throws EEXIST. */
function protect(process: Process, target: string): void {
  const existing = attempt(() => stat(process, target));
  if (!(existing instanceof Errno) && existing.kind === 'file') throw new Errno('EEXIST');
}

function hereDocument(text: string): OpenFile {
  const pipe = new Pipe();
  pipe.data = text;
  return pipe.reader();
}

function explain(redirect: Redirect, target: string, error: Errno): string {
  if (error.code === 'EBADF') return `${target}: Bad file descriptor`;
  const reads = redirect.operator.startsWith('<');
  const missing = reads ? 'no such file' : 'nonexistent directory';
  return `can't ${reads ? 'open' : 'create'} ${target}: ${error.code === 'ENOENT' ? missing : error.message}`;
}
