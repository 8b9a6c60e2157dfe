/** File modes as chmod reads and ls writes them. */
import type { FsNode } from '../files/nodes.ts';

/** The mode that `755` or `u+x,go-w` makes of `mode`; undefined when it is no mode. */
export function parseMode(text: string, mode: number, umask: number): number | undefined {
  if (/^[0-7]{1,4}$/.test(text)) return Number.parseInt(text, 8);
  let result = mode;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*|[ugo])$/.exec(clause);
    if (!match) return undefined;
    const [, who = '', operator, permissions = ''] = match;
    let bits = 0;
    for (const permission of permissions) bits |= bitsOf(permission, result);
    const classes = who === '' || who.includes('a') ? 0o7777 : (who.includes('u') ? 0o4700 : 0) | (who.includes('g') ? 0o2070 : 0) | (who.includes('o') ? 0o1007 : 0);
    const wanted = bits & classes & (who === '' ? ~umask : 0o7777);
    if (operator === '+') result |= wanted;
    else if (operator === '-') result &= ~wanted;
    else result = (result & ~(classes & 0o777)) | wanted;
  }
  return result;
}

/** A class stands for the permissions that it has. */
function bitsOf(permission: string, mode: number): number {
  switch (permission) {
    case 'r': return 0o444;
    case 'w': return 0o222;
    case 'x': return 0o111;
    case 'X': return (mode & 0o111) === 0 ? 0 : 0o111;
    case 's': return 0o6000;
    case 't': return 0o1000;
    default: return ((mode >> { u: 6, g: 3, o: 0 }[permission]!) & 7) * 0o111;
  }
}

const letters: Readonly<Record<FsNode['kind'], string>> = { file: '-', directory: 'd', link: 'l', device: 'c', fifo: 'p' };

/** `drwxr-xr-x`. */
export function modeText(node: FsNode): string {
  const { mode } = node;
  const triple = (shift: number, special: number, letter: string): string => {
    const execute = (mode >> shift) & 1;
    const last = (mode & special) === 0 ? (execute ? 'x' : '-') : execute ? letter : letter.toUpperCase();
    return ((mode >> shift) & 4 ? 'r' : '-') + ((mode >> shift) & 2 ? 'w' : '-') + last;
  };
  return letters[node.kind] + triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}
