/** httpd: serves a folder. It works on connections as they come and costs no process of its own while nobody asks. */
import { attempt, Errno } from '../errno.ts';
import { dataOf } from '../files/nodes.ts';
import type { Socket } from '../network.ts';
import type { Process } from '../process.ts';
import { find } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { formatDate } from './date.ts';
import { parseOptions } from './options.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html', htm: 'text/html', txt: 'text/plain', css: 'text/css', js: 'application/javascript', json: 'application/json',
  png: 'image/png', gif: 'image/gif', jpg: 'image/jpeg', xml: 'text/xml', svg: 'image/svg+xml',
};
const dateFormat = '%a, %d %b %Y %H:%M:%S GMT';

export function* httpd(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'ifp:h:c:u:r:vd:m:e:');
  const port = Number(/(\d+)$/.exec(options.value('p') ?? '80')![1]);
  const folder = options.value('h') ?? process.cwd;
  const root = attempt(() => find(process, folder));
  if (root instanceof Errno || !root.node) {
    process.complain(`httpd: can't change directory to '${folder}': No such file or directory\n`);
    return 1;
  }
  const { args, env, umask, credentials } = process;
  const serve = function* (self: Process): Run<number> {
    const listener = { port, ip: undefined, owner: self, accept: (socket: Socket): void => answer(self, socket) };
    self.machine.network.listen(listener);
    self.exited.add({ wake: () => self.machine.network.close(listener) });
    for (;;) yield { queues: [] };
  };
  if (process.machine.network.listening().some((listener) => listener.port === port)) {
    process.complain('httpd: bind: Address already in use\n');
    return 1;
  }
  if (options.has('f')) {
    process.cwd = root.path;
    return yield* serve(process);
  }
  // Without -f it goes to the background and leaves its streams.
  const daemon = process.machine.spawn(undefined, { args, env, cwd: root.path, umask, credentials, files: [] }, serve);
  daemon.parent = process.machine.pids.init;
  return 0;
}

function answer(server: Process, socket: Socket): void {
  let received = '';
  let answered = false;
  socket.retain();
  socket.onData((data) => {
    received += data;
    if (answered) return;
    const complete = /\r?\n\r?\n/.test(received);
    if (!complete && data !== '') return;
    answered = true;
    socket.send(complete ? respond(server, received) : '', () => socket.release());
  });
}

function respond(server: Process, request: string): string {
  const now = formatDate(server.machine.clock.now(), dateFormat);
  const [method = '', target = ''] = request.split(/\s+/, 2);
  if (method !== 'GET' && method !== 'HEAD') return failure(now, '501 Not Implemented', 'The requested method is not recognized');
  const path = decode(target.replace(/[?#].*/, ''));
  const escapes = path.split('/').reduce((depth, name) => (depth < 0 ? depth : name === '..' ? depth - 1 : name === '' || name === '.' ? depth : depth + 1), 0) < 0;
  if (escapes) return failure(now, '400 Bad Request', 'Unsupported method');
  const found = attempt(() => find(server, `.${path.endsWith('/') ? `${path}index.html` : path}`));
  if (!(found instanceof Errno) && found.node?.kind === 'directory') {
    return `HTTP/1.1 302 Found\r\nDate: ${now}\r\nConnection: close\r\nContent-type: text/html\r\nLocation: ${path}/\r\n\r\n`;
  }
  if (found instanceof Errno || found.node?.kind !== 'file') return failure(now, '404 Not Found', 'The requested URL was not found');
  const body = dataOf(found.node);
  const type = types[/\.(\w+)$/.exec(found.name)?.[1] ?? ''] ?? 'application/octet-stream';
  const modified = formatDate(found.node.modifiedAt, dateFormat);
  return `HTTP/1.1 200 OK\r\nDate: ${now}\r\nConnection: close\r\nContent-type: ${type}\r\nAccept-Ranges: bytes\r\nLast-Modified: ${modified}\r\n`
    + `ETag: "${(found.node.modifiedAt >>> 0).toString(16)}-${body.length.toString(16)}"\r\nContent-Length: ${body.length}\r\n\r\n${method === 'HEAD' ? '' : body}`;
}

function failure(now: string, status: string, text: string): string {
  return `HTTP/1.1 ${status}\r\nDate: ${now}\r\nConnection: close\r\nContent-type: text/html\r\n\r\n`
    + `<HTML><HEAD><TITLE>${status}</TITLE></HEAD>\n<BODY><H1>${status}</H1>\n${text}\n</BODY></HTML>\n`;
}

function decode(path: string): string {
  return path.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
