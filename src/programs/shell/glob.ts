/** Wildcards in file names. */
import { attempt, Errno } from '../errno.ts';
import { hasWildcard, patternRegExp, unescapePattern } from '../pattern.ts';
import type { Process } from '../process.ts';
import { find, names } from '../syscalls.ts';

/** Paths that match a pattern, sorted; none when nothing does. */
export function glob(process: Process, pattern: string): string[] {
  const absolute = pattern.startsWith('/');
  let found = [absolute ? '/' : ''];
  const segments = pattern.split('/').filter((segment) => segment !== '');
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    found = found.flatMap((folder) => step(process, folder, segment, last));
  }
  const suffix = pattern.endsWith('/') ? '/' : '';
  return found.map((path) => path + suffix).toSorted();
}

function step(process: Process, folder: string, segment: string, last: boolean): string[] {
  const join = (name: string): string => folder === '' || folder === '/' ? folder + name : `${folder}/${name}`;
  if (!hasWildcard(segment)) {
    const path = join(unescapePattern(segment));
    const found = attempt(() => find(process, path, false));
    return found instanceof Errno || !found.node ? [] : [path];
  }
  const entries = attempt(() => names(process, folder === '' ? '.' : folder));
  if (entries instanceof Errno) return [];
  const compiled = patternRegExp(segment);
  const hidden = segment.startsWith('.') ? ['.', '..'] : [];
  return [...hidden, ...entries]
    .filter((name) => (segment.startsWith('.') || !name.startsWith('.')) && compiled.test(name))
    .map(join)
    .filter((path) => last || isDirectory(process, path));
}

function isDirectory(process: Process, path: string): boolean {
  const found = attempt(() => find(process, path));
  return !(found instanceof Errno) && found.node?.kind === 'directory';
}
