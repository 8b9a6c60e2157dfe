/** diff: files and folders, in the unified form that is the only one of busybox. */
import { attempt, Errno } from '../errno.ts';
import type { FsNode } from '../files/nodes.ts';
import type { Process } from '../process.ts';
import { find, names } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { endedLines, hunks, printed, type DiffOptions } from './diff-lines.ts';
import { baseName, readInput } from './input.ts';
import { parseOptions, showUsage, type Parsed } from './options.ts';

const longOptions: Readonly<Record<string, string>> = {
  'ignore-case': 'i', 'ignore-tab-expansion': 'E', 'ignore-space-change': 'b', 'ignore-all-space': 'w', 'ignore-blank-lines': 'B', text: 'a',
  unified: 'U', label: 'L', 'show-c-function': 'p', brief: 'q', 'expand-tabs': 't', 'initial-tab': 'T', recursive: 'r', 'new-file': 'N',
  'report-identical-files': 's', 'starting-file': 'S', minimal: 'd',
};

/** Ends the program with a message. */
class Trouble extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export function* diff(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'abBdEiL:NpqrsS:tTuU:w', longOptions);
  if (options.rest.length !== 2) return showUsage(process, 'diff');
  try {
    return yield* new Diff(process, options).operands(options.rest);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    process.complain(`diff: ${error.message}\n`);
    return error.status;
  }
}

/** What is compared: a path to read (undefined for nothing there, `-N`), and how messages call it. */
interface Side {
  readonly path: string | undefined;
  readonly name: string;
}

class Diff {
  readonly #process: Process;
  readonly #options: Parsed;
  readonly #lines: DiffOptions;
  #differs = false;

  constructor(process: Process, options: Parsed) {
    this.#process = process;
    this.#options = options;
    const context = options.value('U') ?? '3';
    if (!/^\d+$/.test(context)) throw new Trouble(`invalid number '${context}'`, 1);
    this.#lines = {
      context: Number(context), ignoreCase: options.has('i'), ignoreSpace: options.has('w') ? 'all' : options.has('b') ? 'some' : 'no',
      ignoreBlankLines: options.has('B'), minimal: options.has('d'),
    };
  }

  /** Compares two files, a file with one of the same name in a folder, or two folders; the exit code. */
  * operands(paths: readonly string[]): Run<number> {
    const nodes = paths.map((path) => (path === '-' ? undefined : this.#stat(path, this.#options.has('N'), 2)));
    const folders = nodes.map((node) => node?.kind === 'directory');
    if (paths.includes('-') && folders.includes(true)) throw new Trouble("can't compare stdin to a directory", 1);
    if (nodes[0] && nodes[0] === nodes[1]) return 0;
    if (folders[0] && folders[1]) yield* this.#folders(paths);
    else {
      const other = baseName(paths[folders[0] ? 1 : 0]!);
      const [left, right] = paths.map((path, side): Side => {
        const name = folders[side] ? joined(path, other) : path;
        if (folders[side]) this.#stat(name, false, 1);
        return { path: path === '-' || folders[side] || nodes[side] ? name : undefined, name };
      });
      yield* this.#files(left!, right!, left!.name, right!.name);
    }
    return this.#differs ? 1 : 0;
  }

  #stat(path: string, mayMiss: boolean, status: number): FsNode | undefined {
    const found = attempt(() => find(this.#process, path));
    if (!(found instanceof Errno) && found.node) return found.node;
    if (mayMiss) return undefined;
    throw new Trouble(`can't stat '${path}': ${(found instanceof Errno ? found : new Errno('ENOENT')).message}`, status);
  }

  /** Prints how two files differ. `left` and `right` are their names in messages about the whole. */
  * #files(from: Side, to: Side, left: string, right: string): Run<void> {
    const options = this.#options;
    const texts: string[] = [];
    for (const { path } of [from, to]) {
      const text = path === undefined ? '' : yield* readInput(this.#process, path);
      if (text instanceof Errno) return this.#process.complain(`diff: ${path}: ${text.message}\n`);
      texts.push(text);
    }
    const [a = '', b = ''] = texts;
    const common = Math.min(a.length, b.length);
    const binary = a !== b && !options.has('a') && [a, b].some((text) => text.slice(0, common).includes('\0'));
    const found = a === b || binary ? [] : hunks(endedLines(a), endedLines(b), this.#lines);
    if (binary || found.length > 0) this.#differs = true;
    else if (options.has('s')) this.#process.print(`Files ${left} and ${right} are identical\n`);
    if (binary || (found.length > 0 && options.has('q'))) this.#process.print(`Files ${left} and ${right} differ\n`);
    if (found.length === 0 || options.has('q')) return;
    const labels = options.all('L');
    this.#process.print(`--- ${labels[0] ?? from.name}\n+++ ${labels.slice(1).at(-1) ?? to.name}\n`);
    for (const line of found.flat()) this.#process.print(printed(line, options.has('T'), options.has('t')));
  }

  * #folders(folders: readonly string[]): Run<void> {
    const lists = folders.map((folder, side) => this.#list(folder, folders[1 - side]!, '').toSorted());
    const start = this.#options.value('S') ?? '';
    const all = [...new Set(lists.flat())].toSorted().filter((name) => name >= start);
    for (const name of all) {
      const present = lists.map((list) => list.includes(name));
      if (!present.includes(false)) yield* this.#entries(joined(folders[0]!, name), joined(folders[1]!, name));
      else if (this.#options.has('N')) {
        const [from, to] = folders.map((folder, side): Side => (present[side] ? { path: joined(folder, name), name: joined(folder, name) } : { path: undefined, name: '/dev/null' }));
        yield* this.#files(from!, to!, joined(folders[0]!, name), joined(folders[1]!, name));
      } else {
        this.#process.print(`Only in ${folders[present[0] ? 0 : 1]}: ${name}\n`);
        this.#differs = true;
      }
    }
  }

  /** An entry that both folders have. */
  * #entries(left: string, right: string): Run<void> {
    const kinds = [left, right].map((path) => this.#stat(path, true, 1)?.kind);
    const skipped = [left, right].find((_, side) => kinds[side] !== 'file' && kinds[side] !== 'directory');
    const what = (side: number): string => (kinds[side] === 'directory' ? 'directory' : 'regular file');
    if (kinds[0] === 'directory' && kinds[1] === 'directory') this.#process.print(`Common subdirectories: ${left} and ${right}\n`);
    else if (skipped !== undefined) this.#process.print(`File ${skipped} is not a regular file or directory and was skipped\n`);
    else if (kinds[0] !== kinds[1]) this.#process.print(`File ${left} is a ${what(0)} while file ${right} is a ${what(1)}\n`);
    else yield* this.#files({ path: left, name: left }, { path: right, name: right }, left, right);
  }

  /** Files below a folder by their paths; with `-r` folders are entered, those that the other side lacks only with `-N`. */
  #list(folder: string, other: string, below: string): string[] {
    const result: string[] = [];
    for (const name of names(this.#process, joined(folder, below))) {
      const path = below === '' ? name : `${below}/${name}`;
      const node = this.#stat(joined(folder, path), true, 1);
      if (!node) this.#process.complain(`diff: ${joined(folder, path)}: ${new Errno('ENOENT').message}\n`);
      else if (node.kind !== 'directory' || !this.#options.has('r')) result.push(path);
      else if (this.#options.has('N') || this.#stat(joined(other, path), true, 1)?.kind === 'directory') result.push(...this.#list(folder, other, path));
      else this.#differs = true;
    }
    return result;
  }
}

function joined(folder: string, name: string): string {
  return name === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}
