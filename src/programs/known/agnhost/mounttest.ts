/** agnhost mounttest: says of what kind, mode, owner and content files are, and makes new ones. */
import { attempt, Errno } from '../../errno.ts';
import type { FsNode } from '../../files/nodes.ts';
import type { Process } from '../../process.ts';
import { find, readFile, stat } from '../../syscalls.ts';
import type { Run } from '../../wait.ts';
import { fileError, type Flags } from '../go.ts';
import { say, writeAll } from '../serving.ts';
import type { Command } from './agnhost.ts';

const initialContent = 'mount-tester new file\n';
const retryEveryMs = 2000;
/** Magic numbers of file systems as statfs gives them; tmpfs is shown by name. */
const fileSystems: Readonly<Record<string, string>> = { tmpfs: 'tmpfs', ext4: '61267', overlay: '2035054128', proc: '40864', sysfs: '1650812274', devpts: '7377', mqueue: '427819522' };

export const mounttest: Command = {
  flags: {
    defaults: {
      fs_type: '', file_mode: '', file_perm: '', file_owner: '', new_file_0644: '', new_file_0666: '', new_file_0660: '', new_file_0777: '',
      file_content: '', file_content_in_loop: '', retry_time: 180, break_on_expected_content: true,
    },
  },
  * run(process, flags): Run<number> {
    process.umask = 0;
    let failed = false;
    // The order is the published program's: a file is made before it is looked at.
    for (const [flag, look] of Object.entries(looks)) {
      const path = flags.text(flag);
      if (path !== '' && !look(process, path)) failed = true;
    }
    const path = flags.text('file_content_in_loop');
    if (path !== '' && !(yield* readInLoop(process, path, flags))) failed = true;
    return failed ? 1 : 0;
  },
};

type Look = (process: Process, path: string) => boolean;

const looks: Readonly<Record<string, Look>> = {
  fs_type: (process, path) => report(process, () => {
    stat(process, path);
    const { type } = find(process, path).mount;
    return `mount type of "${path}": ${fileSystems[type] ?? type}`;
  }, (error) => `error from statfs("${path}"): ${error.message.toLowerCase()}`),
  new_file_0644: newFile(0o644), new_file_0666: newFile(0o666), new_file_0660: newFile(0o660), new_file_0777: newFile(0o777),
  file_mode: (process, path) => report(process, () => `mode of file "${path}": ${modeText(stat(process, path), true)}`, statFailed(path)),
  file_perm: (process, path) => report(process, () => `perms of file "${path}": ${modeText(stat(process, path), false)}`, statFailed(path)),
  file_owner: (process, path) => report(process, () => {
    const { uid, gid } = stat(process, path);
    return `owner UID of "${path}": ${uid}\nowner GID of "${path}": ${gid}`;
  }, (error) => `error from stat("${path}"): ${error.message.toLowerCase()}`),
  file_content: readContent,
};

const statFailed = (path: string) => (error: Errno): string => `error from Stat("${path}"): ${fileError('stat', path, error)}`;

/** Prints what is found out, or why it is not. */
function report(process: Process, look: () => string, failure: (error: Errno) => string): boolean {
  const result = attempt(look);
  say(process, 1, `${result instanceof Errno ? failure(result) : result}\n`);
  return !(result instanceof Errno);
}

function newFile(mode: number): Look {
  return (process, path) => {
    const result = attempt(() => {
      const isNew = find(process, path).node === undefined;
      writeAll(process, path, initialContent);
      if (isNew) stat(process, path).mode = mode;
    });
    if (result instanceof Errno) {
      say(process, 1, `error writing new file "${path}": ${fileError('open', path, result)}\n`);
      return false;
    }
    return readContent(process, path);
  };
}

function readContent(process: Process, path: string): boolean {
  return report(process, () => `content of file "${path}": ${readFile(process, path)}`,
    (error) => `error reading file content for "${path}": ${fileError('open', path, error)}`);
}

function* readInLoop(process: Process, path: string, flags: Flags): Run<boolean> {
  const { clock } = process.machine;
  const until = clock.now() + flags.number('retry_time') * 1000;
  let found = false;
  for (; clock.now() < until; yield* process.sleep(retryEveryMs)) {
    const content = attempt(() => readFile(process, path));
    found = !(content instanceof Errno);
    if (content instanceof Errno) {
      say(process, 1, `Error reading file ${path}: ${fileError('open', path, content)}, retrying\n`);
      continue;
    }
    say(process, 1, `content of file "${path}": ${content}\n`);
    if (!flags.on('break_on_expected_content')) continue;
    if (content === initialContent) break;
    say(process, 1, `Unexpected content. Expected: ${initialContent}. Retrying\n`);
  }
  return found;
}

/** Go's text for a mode; without `whole`, of the permissions alone. */
function modeText(node: FsNode, whole: boolean): string {
  const type = { file: '', directory: 'd', link: 'L', device: 'Dc', fifo: 'p' }[node.kind];
  const special = [[0o4000, 'u'], [0o2000, 'g'], [0o1000, 't']].map(([bit, letter]) => ((node.mode & (bit as number)) === 0 ? '' : letter)).join('');
  const permissions = [...'rwxrwxrwx'].map((letter, i) => ((node.mode & (0o400 >> i)) === 0 ? '-' : letter)).join('');
  return whole ? `${type + special || '-'}${permissions}` : `-${permissions}`;
}
