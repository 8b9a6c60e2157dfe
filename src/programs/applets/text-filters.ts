/** Programs that change or pick text as it passes: unexpand, dos2unix, unix2dos, strings. */
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { forWriting, open } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { baseName, closeInput, readInput, readInputs } from './input.ts';
import { parseOptions } from './options.ts';

/** Blanks at the start of a line, or all of them, become tabs where they reach a tab stop. */
export function* unexpand(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'fat:', { 'first-only': 'f', all: 'a', tabs: 't' });
  const width = Number(options.value('t') ?? '8');
  const all = !options.has('f') && (options.has('a') || options.has('t'));
  const { data, failed } = yield* readInputs(process, options.rest);
  process.print(data.replace(/[^\n]+/g, (line) => withTabs(line, width, all)));
  return failed ? 1 : 0;
}

function withTabs(line: string, width: number, all: boolean): string {
  let result = '';
  let column = 0;
  for (const [run] of line.matchAll(/[ \t]+|[^ \t]+/g)) {
    if (!/^[ \t]/.test(run) || (!all && column > 0)) {
      result += run;
      column += run.length;
      continue;
    }
    let end = column;
    for (const char of run) end = char === '\t' ? end - (end % width) + width : end + 1;
    const tabs = Math.floor(end / width) - Math.floor(column / width);
    result += tabs === 0 ? run : '\t'.repeat(tabs) + ' '.repeat(end % width);
    column = end;
  }
  return result;
}

/** dos2unix and unix2dos: in place, or as a filter. */
export function* lineEndings(process: Process): Run<number> {
  const name = baseName(process.name);
  const options = parseOptions(process.args.slice(1), 'du');
  const toDos = options.has('d') || (name === 'unix2dos' && !options.has('u'));
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const data = yield* readInput(process, path);
    if (data instanceof Errno) {
      process.complain(`${name}: can't open '${path}': ${data.message}\n`);
      return 1;
    }
    const bare = data.replace(/\r\n/g, '\n');
    const text = toDos ? bare.replace(/\n/g, '\r\n') : bare;
    if (path === '-') process.print(text);
    else {
      const file = attempt(() => open(process, path, forWriting));
      if (file instanceof Errno) throw file;
      const fd = process.addFile(file);
      yield* process.write(fd, text);
      closeInput(process, fd);
    }
  }
  return 0;
}

/** Runs of at least four printable characters, wherever they are. */
export function* strings(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'fon:at:', { 'print-file-name': 'f', bytes: 'n', all: 'a', radix: 't' });
  const least = Number(options.value('n') ?? '4');
  if (!(least >= 1)) {
    process.complain(`strings: number ${options.value('n')} is not in 1..2147483647 range\n`);
    return 1;
  }
  const radix = options.has('o') ? 8 : { o: 8, d: 10, x: 16 }[options.value('t') ?? ''];
  let status = 0;
  for (const path of options.rest.length > 0 ? options.rest : ['-']) {
    const data = yield* readInput(process, path);
    if (data instanceof Errno) {
      process.complain(`strings: ${path}: ${data.message}\n`);
      status = 1;
      continue;
    }
    for (const match of data.matchAll(/[\t\x20-\x7e]+/g)) {
      if (match[0].length < least) continue;
      const offset = radix === undefined ? '' : `${match.index.toString(radix).padStart(7)} `;
      process.print(`${options.has('f') ? `${path}: ` : ''}${offset}${match[0]}\n`);
    }
  }
  return status;
}
