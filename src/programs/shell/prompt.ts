/** The prompt of a shell whose commands somebody types. */
import type { Shell } from './shell.ts';

/** Shows PS1 before a command or PS2 before what is missing of it; nothing where nobody types. */
export function prompt(shell: Shell, name: 'PS1' | 'PS2'): void {
  const { process } = shell;
  if (process.files[0]?.tty === undefined || process.files[2]?.isTerminal !== true) return;
  const { machine, credentials, cwd } = process;
  const home = shell.get('HOME') ?? '/';
  const folder = home !== '/' && (cwd === home || cwd.startsWith(`${home}/`)) ? `~${cwd.slice(home.length)}` : cwd;
  const values: Readonly<Record<string, () => string>> = {
    w: () => folder, W: () => folder.slice(folder.lastIndexOf('/') + 1) || '/', h: () => machine.hostname.split('.', 1)[0]!, H: () => machine.hostname,
    u: () => machine.users().find(({ uid }) => uid === credentials.uid)?.name ?? 'I have no name!', $: () => (credentials.uid === 0 ? '#' : '$'), n: () => '\n',
  };
  process.complain((shell.get(name) ?? '').replace(/\\(.)/g, (whole, letter: string) => values[letter]?.() ?? whole));
}
