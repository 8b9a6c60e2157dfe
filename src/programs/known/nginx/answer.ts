/** What nginx answers: the server and location that a request means, then a fixed answer or a file. */
import { formatDate } from '../../applets/date.ts';
import { attempt, Errno } from '../../errno.ts';
import { dataOf, type FileNode } from '../../files/nodes.ts';
import type { Process } from '../../process.ts';
import { header } from '../../protocols/http-message.ts';
import { reasonPhrases } from '../../protocols/http-server.ts';
import { checkAccess, find } from '../../syscalls.ts';
import { access } from '../../files/tree.ts';
import { clientOf, type HttpCall } from '../serving.ts';
import { nginxVersion, type Directive } from './config.ts';
import { pass, type Pass } from './proxy.ts';
import { proxied, Upstreams } from './upstreams.ts';

export interface NginxServer {
  readonly ports: readonly number[];
  readonly names: readonly string[];
  readonly directives: readonly Directive[];
  /** Directives that would change what it answers but do not here. */
  readonly notEmulated: readonly string[];
}

/** What a configuration says. */
export interface NginxSetup {
  readonly servers: readonly NginxServer[];
  readonly upstreams: Upstreams;
}

/** Reads a configuration's meaning. Throws ConfigFault for an upstream whose name nobody has. */
export function setUp(process: Process, config: readonly Directive[]): NginxSetup {
  return { servers: serversOf(config), upstreams: new Upstreams(process, config) };
}

/** Directives of a location that are another program's or another protocol's work. */
const otherHandlers: ReadonlySet<string> = new Set([
  'fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'grpc_pass', 'memcached_pass', 'rewrite', 'auth_request', 'auth_basic', 'ssl_certificate', 'if',
]);

/** The servers of a configuration, with the defaults of the `http` block. */
function serversOf(config: readonly Directive[]): NginxServer[] {
  const http = config.filter(({ name }) => name === 'http').flatMap(({ block = [] }) => block);
  const defaults = http.filter(({ name }) => /^(?:root|index|default_type|add_header|resolver|proxy_\w+)$/.test(name));
  return http.filter(({ name }) => name === 'server').map(({ block = [] }) => {
    const listens = block.filter(({ name }) => name === 'listen').map(({ args }) => Number(/(\d+)$/.exec(args[0] ?? '')?.[1] ?? '80'));
    return {
      ports: [...new Set(listens.length > 0 ? listens : [80])],
      names: block.filter(({ name }) => name === 'server_name').flatMap(({ args }) => args),
      directives: [...defaults, ...block],
      notEmulated: [...block, ...block.flatMap(({ block: inner = [] }) => inner)].filter(isNotEmulated).map(({ name }) => name),
    };
  });
}

/** proxy_pass is, but for HTTPS and Unix sockets. */
function isNotEmulated({ name, args: [target = ''] }: Directive): boolean {
  return otherHandlers.has(name) || (name === 'proxy_pass' && !target.includes('$') && !proxied(target));
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly body: string;
}

/** Answers a request to one of the servers of its port and writes a line of the access log. */
export function answerCall(process: Process, { servers, upstreams }: NginxSetup, port: number, call: HttpCall, log: (line: string) => void, fail: (text: string) => void): void {
  const host = header(call.headers, 'host')?.replace(/:\d+$/, '') ?? '';
  const here = servers.filter(({ ports }) => ports.includes(port));
  const server = here.find(({ names }) => names.includes(host)) ?? here[0];
  if (!server) return;
  const reply = replyTo(process, server, call, fail, 0);
  if (!('handOver' in reply)) return send(process, call, reply, log);
  pass(process, upstreams, reply.handOver, fail, (answer) => send(process, call, reply.finish(answer), log));
}

/** Sends a reply and logs it. */
function send(process: Process, call: HttpCall, reply: Reply, log: (line: string) => void): void {
  const now = process.machine.clock.now();
  const base = { Server: `nginx/${nginxVersion}`, Date: formatDate(now, '%a, %d %b %Y %H:%M:%S GMT') };
  call.answer({ status: reply.status, headers: { ...base, ...reply.headers }, body: reply.body, binary: true });
  const shown = (name: string): string => header(call.headers, name) ?? '-';
  log(`${clientOf(call)} - - [${formatDate(now, '%d/%b/%Y:%H:%M:%S +0000')}] "${call.method} ${call.target} HTTP/1.1" `
    + `${reply.status} ${call.method === 'HEAD' ? 0 : reply.body.length} "${shown('referer')}" "${shown('user-agent')}" "${shown('x-forwarded-for')}"`);
}

const redirectsMax = 10;

/** An upstream is to answer. */
interface HandedOver {
  readonly handOver: Pass;
  /** Adds what the location adds to any reply. */
  finish(reply: Reply): Reply;
}

function replyTo(process: Process, { names, directives: server }: NginxServer, call: HttpCall, fail: (text: string) => void, depth: number): Reply | HandedOver {
  const location = locationOf(server, call.path);
  const local = location?.block ?? [];
  const own = [...server.filter(({ block }) => !block), ...local.filter(({ block }) => !block)];
  const last = (name: string): readonly string[] | undefined => own.findLast((one) => one.name === name)?.args;
  const fixed = local.find(({ name }) => name === 'return') ?? server.find(({ name }) => name === 'return');
  const added = Object.fromEntries(own.filter(({ name }) => name === 'add_header').map(({ args }) => [args[0]!, variables(args[1] ?? '', process, call)]));
  const finish = (reply: Reply): Reply => ({ ...reply, headers: { ...reply.headers, ...(reply.status < 400 && added) } });
  if (fixed) return finish(returned(fixed.args, variables(fixed.args[1] ?? '', process, call), last('default_type')?.[0]));
  if (local.some(({ name }) => name === 'stub_status')) return finish(plain(200, 'Active connections: 1 \n', 'text/plain'));
  const foreign = local.find((one) => isNotEmulated(one) && one.name.endsWith('_pass'));
  if (foreign) {
    fail(`"${foreign.name}" is not emulated in ${foreign.file}:${foreign.line}`);
    return page(501);
  }
  const prefix = location?.args.at(-1) ?? '/';
  const directive = local.find(({ name }) => name === 'proxy_pass');
  if (directive) return { handOver: { directive, own: nearest(own, local), prefix: /^[~@]/.test(location!.args[0]!) ? undefined : prefix, serverName: names[0] ?? '', call }, finish };
  if (call.method !== 'GET' && call.method !== 'HEAD') return page(405);
  const alias = last('alias')?.[0];
  const fileFor = (path: string): string => (alias !== undefined && local.some(({ name }) => name === 'alias') ? alias + path.slice(prefix.length) : `${last('root')?.[0] ?? '/etc/nginx/html'}${path}`);
  const tries = local.find(({ name }) => name === 'try_files')?.args ?? server.find(({ name }) => name === 'try_files')?.args;
  if (!tries) return finish(serveFile(process, call, fileFor(call.path), last('index') ?? ['index.html'], fail));
  const paths = tries.slice(0, -1).map((one) => variables(one, process, call));
  const hit = paths.find((path) => kindAt(process, fileFor(path.replace(/\/$/, ''))) === (path.endsWith('/') ? 'directory' : 'file'));
  if (hit !== undefined) return finish(serveFile(process, { ...call, path: hit }, fileFor(hit), last('index') ?? ['index.html'], fail));
  const fallback = tries.at(-1)!;
  if (fallback.startsWith('=')) return page(Number(fallback.slice(1)));
  return depth < redirectsMax ? replyTo(process, { names, directives: server, ports: [], notEmulated: [] }, redirected(call, variables(fallback, process, call)), fail, depth + 1) : page(500);
}

/** A call as it goes on elsewhere in the server; a name of a location (`@app`) leaves its address alone. */
function redirected(call: HttpCall, to: string): HttpCall {
  return { ...call, path: to.replace(/\?.*/s, ''), ...(!to.startsWith('@') && { target: to }) };
}

/** Headers that a location sets replace those of the server. */
function nearest(own: readonly Directive[], local: readonly Directive[]): readonly Directive[] {
  const isHeader = ({ name }: Directive): boolean => name === 'proxy_set_header';
  return local.some(isHeader) ? own.filter((one) => !isHeader(one) || local.includes(one)) : own;
}

function kindAt(process: Process, path: string): string | undefined {
  const found = attempt(() => find(process, path === '' ? '/' : path));
  return found instanceof Errno ? undefined : found.node?.kind;
}

/** Exact, then `^~` and regular expressions, then the longest prefix. */
function locationOf(server: readonly Directive[], path: string): Directive | undefined {
  const locations = server.filter(({ name }) => name === 'location');
  const exact = locations.find(({ args }) => args[0] === '=' && args[1] === path);
  if (exact) return exact;
  const prefixes = locations.filter(({ args }) => (args.length === 1 || args[0] === '^~') && path.startsWith(args.at(-1)!));
  const longest = prefixes.toSorted((a, b) => b.args.at(-1)!.length - a.args.at(-1)!.length)[0];
  if (longest?.args[0] === '^~') return longest;
  return locations.find(({ args }) => args[0]?.startsWith('~') && pattern(args[1] ?? '', args[0] === '~*')?.test(path)) ?? longest;
}

function pattern(source: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(source, ignoreCase ? 'i' : '');
  } catch {
    return undefined;
  }
}

export function variables(text: string, process: Process, call: HttpCall): string {
  const host = header(call.headers, 'host') ?? '';
  const values: Readonly<Record<string, string>> = {
    uri: call.path, request_uri: call.target, host: host.replace(/:\d+$/, ''), http_host: host, hostname: process.machine.hostname,
    request_method: call.method, args: call.target.split('?')[1] ?? '', is_args: call.target.includes('?') ? '?' : '',
    remote_addr: clientOf(call), scheme: 'http', server_port: '80',
  };
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = (braced ?? bare)!;
    return values[name] ?? (name.startsWith('http_') ? header(call.headers, name.slice(5).replaceAll('_', '-')) ?? '' : whole);
  });
}

function returned(args: readonly string[], text: string, defaultType = 'text/plain'): Reply {
  const status = Number(args[0]);
  if (Number.isNaN(status)) return { ...page(302), headers: { 'Content-Type': 'text/html', Location: args[0] ?? '' } };
  if (status >= 300 && status < 400 && text !== '') return { ...page(status), headers: { 'Content-Type': 'text/html', Location: text } };
  if (args.length > 1 || status < 300) return plain(status, text, defaultType);
  return page(status);
}

const plain = (status: number, body: string, type: string): Reply => ({ status, headers: { 'Content-Type': type }, body });

/** nginx's own page for a status. */
export function page(status: number): Reply {
  const title = `${status} ${reasonPhrases[status] ?? ''}`.trim();
  return plain(status, `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n`
    + `<hr><center>nginx/${nginxVersion}</center>\r\n</body>\r\n</html>\r\n`, 'text/html');
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html', htm: 'text/html', css: 'text/css', js: 'application/javascript', json: 'application/json', txt: 'text/plain', xml: 'text/xml',
  svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg', gif: 'image/gif', ico: 'image/x-icon',
};

function serveFile(process: Process, call: HttpCall, path: string, index: readonly string[], fail: (text: string) => void): Reply {
  const where = `client: ${clientOf(call)}, request: "${call.method} ${call.target} HTTP/1.1"`;
  const candidates = path.endsWith('/') ? index.map((name) => path + name) : [path];
  for (const candidate of candidates) {
    const found = attempt(() => {
      const at = find(process, candidate);
      if (at.node) checkAccess(process, at, access.read);
      return at;
    });
    if (found instanceof Errno && found.code === 'EACCES') {
      fail(`*1 open() "${candidate}" failed (13: Permission denied), ${where}`);
      return page(403);
    }
    if (found instanceof Errno || !found.node) continue;
    if (found.node.kind === 'directory') return { ...page(301), headers: { 'Content-Type': 'text/html', Location: `${call.path}/` } };
    if (found.node.kind === 'file') return fileReply(found.node, candidate);
  }
  if (path.endsWith('/') && kindAt(process, path) === 'directory') {
    fail(`*1 directory index of "${path}" is forbidden, ${where}`);
    return page(403);
  }
  fail(`*1 open() "${candidates[0] ?? path}" failed (2: No such file or directory), ${where}`);
  return page(404);
}

function fileReply(node: FileNode, path: string): Reply {
  const body = dataOf(node);
  const seconds = Math.floor(node.modifiedAt / 1000);
  return {
    status: 200, body, headers: {
      'Content-Type': types[/\.(\w+)$/.exec(path)?.[1] ?? ''] ?? 'application/octet-stream',
      'Last-Modified': formatDate(node.modifiedAt, '%a, %d %b %Y %H:%M:%S GMT'),
      ETag: `"${seconds.toString(16)}-${body.length.toString(16)}"`, 'Accept-Ranges': 'bytes',
    },
  };
}
