/** sed: its operands and files. The script is read by `sed-script.ts` and run by `sed-editor.ts`. */
import { attempt, Errno } from '../errno.ts';
import { dataOf } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import { BadRegex } from '../regex.ts';
import { forReading, forWriting, open, readFile, setData, stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { LineReader, openInput } from './input.ts';
import { parseOptions, showUsage } from './options.ts';
import { Editor } from './sed-editor.ts';
import { parseScript, ScriptFault } from './sed-script.ts';

export function* sed(process: Process): Run<number> {
  if (process.args[1] === '--version') {
    process.print('This is not GNU sed version 4.0\n');
    return 0;
  }
  const options = parseOptions(process.args.slice(1), 'e:f:nrEi::sz', { quiet: 'n', 'in-place': 'i', expression: 'e' });
  const rest = [...options.rest];
  const texts = [...options.all('e')];
  for (const path of options.all('f')) {
    const script = attempt(() => readFile(process, path));
    if (script instanceof Errno) {
      process.complain(`sed: ${path}: ${script.message}\n`);
      return 1;
    }
    texts.push(script.replace(/\n$/, ''));
  }
  if (texts.length === 0) {
    const text = rest.shift();
    if (text === undefined) return showUsage(process, 'sed');
    texts.push(text);
  }
  try {
    const commands = parseScript(texts.join('\n'), options.has('E') || options.has('r'));
    if (options.has('i') && rest.length === 0) throw new ScriptFault('-i requires an argument');
    const editor = new Editor(process, commands, options.has('n'));
    return yield* options.has('i') ? inPlace(process, editor, rest) : filter(process, editor, rest);
  } catch (error) {
    if (!(error instanceof ScriptFault) && !(error instanceof BadRegex)) throw error;
    process.complain(`sed: ${error instanceof BadRegex ? `bad regex '${error.message}'` : error.message}\n`);
    return 1;
  }
}

function* filter(process: Process, editor: Editor, paths: readonly string[]): Run<number> {
  const readers: LineReader[] = [];
  let status = 0;
  for (const path of paths.length > 0 ? paths : ['-']) {
    const fd = openInput(process, path);
    if (fd instanceof Errno) {
      process.complain(`sed: ${path}: ${fd.message}\n`);
      status = 1;
    } else readers.push(new LineReader(process, fd));
  }
  return (yield* editor.run(readers)) || status;
}

function* inPlace(process: Process, editor: Editor, paths: readonly string[]): Run<number> {
  let status = 0;
  for (const path of paths) {
    const input = attempt(() => open(process, path, forReading));
    if (input instanceof Errno) {
      process.complain(`sed: ${path}: ${input.message}\n`);
      status = 1;
      continue;
    }
    const scratch = process.addFile(open(process, '/tmp/.sed', forWriting));
    const before = process.file(1);
    before.retain();
    process.setFile(1, process.file(scratch));
    yield* editor.run([new LineReader(process, process.addFile(input))]);
    yield* process.flush();
    const node = stat(process, '/tmp/.sed');
    const target = stat(process, path);
    if (node.kind === 'file' && target.kind === 'file') setData(process, target, dataOf(node));
    process.setFile(1, before);
    before.release();
  }
  return status;
}
