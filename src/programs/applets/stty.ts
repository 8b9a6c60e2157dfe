/** stty: the size of the terminal, and whether it echoes. */
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';

/** Settings that change nothing that shows here. */
const without = /^-?(icanon|raw|cooked|isig|ixon|icrnl|onlcr|opost|iexten|echoe|echok|echonl|cbreak|cread|hupcl|brkint|ignpar|inpck|istrip|min|time|\d+)$/;

export function* stty(process: Process): Run<number> {
  const tty = process.files[0]?.tty;
  if (!tty) {
    process.complain('stty: standard input: Inappropriate ioctl for device\n');
    return 1;
  }
  const args = process.args.slice(1);
  if (args.length === 0 || args[0] === '-a') {
    process.print(`speed 38400 baud; ${args[0] === '-a' ? `rows ${tty.rows}; columns ${tty.columns}; ` : ''}line = 0;\n${tty.echo ? '' : '-'}echo\n`);
    return 0;
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === 'size') {
      // A size that nobody has set is an error without a reason of its own (golden/streams exec tty).
      if (tty.rows === 0) {
        process.complain('stty: standard input: No child processes\n');
        return 1;
      }
      process.print(`${tty.rows} ${tty.columns}\n`);
    } else if (arg === 'echo' || arg === '-echo' || arg === 'sane') tty.echo = arg !== '-echo';
    else if (arg === 'rows' || arg === 'cols' || arg === 'columns') tty[arg === 'rows' ? 'rows' : 'columns'] = Number(args[++i] ?? '0');
    else if (!without.test(arg)) {
      process.complain(`stty: invalid argument '${arg}'\n`);
      return 1;
    }
  }
  return 0;
}
