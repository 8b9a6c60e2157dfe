/** Apache httpd as its image runs it: serves /usr/local/apache2/htdocs on port 80. */
import { formatDate } from '../applets/date.ts';
import { attempt, Errno } from '../errno.ts';
import { dataOf } from '../files/nodes.ts';
import type { Process, Program } from '../process.ts';
import { header } from '../protocols/http-message.ts';
import { find, readFile } from '../syscalls.ts';
import { clientOf, say, serveHttp, untilSignal, type HttpCall } from './serving.ts';
import { SIGHUP, SIGTERM, SIGWINCH } from '../signals.ts';

const version = 'Apache/2.4.63 (Unix)';
const configFile = '/usr/local/apache2/conf/httpd.conf';

export const apache: Program = function* (process) {
  const args = process.args.slice(1);
  if (args.includes('-v')) {
    process.print(`Server version: ${version}\n`);
    return 0;
  }
  const config = attempt(() => readFile(process, configFile));
  const text = config instanceof Errno ? '' : config;
  if (!/^\s*ServerName\s/m.test(text)) {
    const name = process.machine.network.ips[0] ?? '127.0.0.1';
    process.complain(`AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${name}. `
      + "Set the 'ServerName' directive globally to suppress this message\n");
  }
  if (args.includes('-t')) {
    process.complain('Syntax OK\n');
    return 0;
  }
  const root = /^\s*DocumentRoot\s+"?([^"\s]+)"?/m.exec(text)?.[1] ?? '/usr/local/apache2/htdocs';
  const ports = [...text.matchAll(/^\s*Listen\s+(?:\S+:)?(\d+)/gm)].map(([, port]) => Number(port));
  for (const port of ports.length > 0 ? ports : [80]) {
    const opened = attempt(() => serveHttp(process, port, (call) => answer(process, root, call)));
    if (!(opened instanceof Errno)) continue;
    process.complain(`(98)${opened.message}: AH00072: make_sock: could not bind to address 0.0.0.0:${port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`);
    return 1;
  }
  note(process, 'mpm_event:notice', `AH00489: ${version} configured -- resuming normal operations`);
  note(process, 'core:notice', "AH00094: Command line: 'httpd -D FOREGROUND'");
  for (;;) {
    const signal = yield* untilSignal(process, [SIGTERM, SIGWINCH, SIGHUP]);
    if (signal === SIGTERM) note(process, 'mpm_event:notice', 'AH00491: caught SIGTERM, shutting down');
    if (signal === SIGWINCH) note(process, 'mpm_event:notice', 'AH00492: caught SIGWINCH, shutting down gracefully');
    if (signal !== SIGHUP) return 0;
    note(process, 'mpm_event:notice', 'AH00494: SIGHUP received.  Attempting to restart');
  }
};

function note(process: Process, source: string, text: string): void {
  const now = process.machine.clock.now();
  const micros = `${String(Math.floor(now % 1000)).padStart(3, '0')}000`;
  say(process, 2, `[${formatDate(now, '%a %b %d %H:%M:%S')}.${micros} ${formatDate(now, '%Y')}] [${source}] [pid ${process.pid}:tid ${process.pid}] ${text}\n`);
}

function answer(process: Process, root: string, call: HttpCall): void {
  const now = process.machine.clock.now();
  const { status, body, headers } = reply(process, root, call);
  const date = formatDate(now, '%a, %d %b %Y %H:%M:%S GMT');
  call.answer({ status, headers: { Date: date, Server: version, ...headers }, body, binary: true });
  say(process, 1, `${clientOf(call)} - - [${formatDate(now, '%d/%b/%Y:%H:%M:%S +0000')}] "${call.method} ${call.target} HTTP/1.1" ${status} ${body.length}\n`);
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly body: string;
}

const types: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript', json: 'application/json', txt: 'text/plain', svg: 'image/svg+xml' };

function reply(process: Process, root: string, call: HttpCall): Reply {
  if (call.method !== 'GET' && call.method !== 'HEAD') return page(405, 'Method Not Allowed', `The requested method ${call.method} is not allowed for this URL.`);
  const found = attempt(() => find(process, `${root}${call.path}${call.path.endsWith('/') ? 'index.html' : ''}`));
  if (!(found instanceof Errno) && found.node?.kind === 'directory') {
    const location = `http://${header(call.headers, 'host') ?? ''}${call.path}/`;
    const moved = page(301, 'Moved Permanently', `The document has moved <a href="${location}">here</a>.`);
    return { ...moved, headers: { ...moved.headers, Location: location } };
  }
  if (found instanceof Errno || found.node?.kind !== 'file') return page(404, 'Not Found', 'The requested URL was not found on this server.');
  const body = dataOf(found.node);
  const modified = formatDate(found.node.modifiedAt, '%a, %d %b %Y %H:%M:%S GMT');
  const etag = `"${body.length.toString(16)}-${(found.node.modifiedAt * 1000).toString(16)}"`;
  const type = types[/\.(\w+)$/.exec(found.name)?.[1] ?? ''] ?? 'application/octet-stream';
  return { status: 200, body, headers: { 'Last-Modified': modified, ETag: etag, 'Accept-Ranges': 'bytes', 'Content-Type': type } };
}

function page(status: number, title: string, text: string): Reply {
  const body = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`;
  return { status, body, headers: { 'Content-Type': 'text/html; charset=iso-8859-1' } };
}
