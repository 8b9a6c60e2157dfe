/** nginx's proxy_pass: hands a request on to an upstream and gives back what that answers. */
import { resolveHost } from '../../applets/network-tools.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { sendRequest, type ClientResponse } from '../../protocols/http-client.ts';
import { header } from '../../protocols/http-message.ts';
import { clientOf, later, type HttpCall } from '../serving.ts';
import { page, variables, type Reply } from './answer.ts';
import type { Directive } from './config.ts';
import { proxied, split, type Peer, type Upstreams } from './upstreams.ts';

/** What `proxy_pass` of a location means for one request. */
export interface Pass {
  readonly directive: Directive;
  /** Directives that hold there, the nearest last. */
  readonly own: readonly Directive[];
  /** What the location's prefix is, undefined for a regular expression. */
  readonly prefix: string | undefined;
  readonly serverName: string;
  readonly call: HttpCall;
}

const defaultTimeoutMs = 60_000;

/** Asks one server after another until one answers. Calls back once. */
export function pass(process: Process, upstreams: Upstreams, what: Pass, fail: (text: string) => void, done: (reply: Reply) => void): void {
  const { call, own, directive } = what;
  const url = variables(directive.args[0] ?? '', process, call);
  const target = proxied(url);
  if (!target) {
    fail(`*1 invalid URL prefix in "${url}"`);
    return done(page(500));
  }
  const request = { method: call.method, scheme: 'HTTP' as const, path: pathFor(what, target.path), headers: headersFor(process, what, target.host), body: call.body };
  const peers = upstreams.choose(target.host) ?? resolved(process, target.host, own);
  if (!peers) fail(`*1 ${own.some(({ name }) => name === 'resolver') ? `${split(target.host)[0]} could not be resolved (3: Host not found)` : `no resolver defined to resolve ${split(target.host)[0]}`}`);
  const next = (left: readonly Peer[], status: number): void => {
    const [peer, ...rest] = left;
    if (!peer) return done(page(status));
    const shown = `client: ${clientOf(call)}, server: ${what.serverName}, request: "${call.method} ${call.target} HTTP/1.1", `
      + `upstream: "http://${peer.ip}:${peer.port}${request.path}", host: "${header(call.headers, 'host') ?? ''}"`;
    ask(process, { ...request, ...peer }, own, (result) => {
      if (typeof result !== 'string') return done(replyOf(result, what, url));
      fail(`*1 ${result}, ${shown}`);
      const sent = !result.includes('connecting');
      next(sent && call.method === 'POST' ? [] : rest, result.includes('timed out') ? 504 : 502);
    });
  };
  next(peers ?? [], 502);
}

/** A host that became known with the request. */
function resolved(process: Process, host: string, own: readonly Directive[]): readonly Peer[] | undefined {
  const [name, port] = split(host);
  const ip = /^[\d.]+$/.test(name) ? name : own.some((one) => one.name === 'resolver') ? resolveHost(process, name) : undefined;
  return ip === undefined ? undefined : [{ ip, port }];
}

/** One try: the response, or nginx's words for why there is none. */
function ask(process: Process, request: Parameters<typeof sendRequest>[1], own: readonly Directive[], done: (result: ClientResponse | string) => void): void {
  const socket = attempt(() => process.machine.network.connect(request.ip, request.port));
  const wait = (name: string, where: string): (() => boolean) => later(process, timeOf(own, name), () => done(`upstream timed out (110: Connection timed out) while ${where}`));
  if (socket instanceof Errno) {
    if (socket.code === 'ECONNREFUSED') return done('connect() failed (111: Connection refused) while connecting to upstream');
    wait('proxy_connect_timeout', 'connecting to upstream');
    return;
  }
  const cancel = wait('proxy_read_timeout', 'reading response header from upstream');
  sendRequest(socket, request, (result) => {
    if (cancel()) done(typeof result === 'string' ? 'upstream prematurely closed connection while reading response header from upstream' : result);
  });
}

/** `60`, `60s`, `1m`, `500ms` in milliseconds. */
function timeOf(own: readonly Directive[], name: string): number {
  const match = /^(\d+)(ms|s|m|h)?$/.exec(own.findLast((one) => one.name === name)?.args[0] ?? '');
  return match ? Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's']! : defaultTimeoutMs;
}

/** A path in `proxy_pass` takes the place of the location's prefix; without one the request's own stays. */
function pathFor({ call, prefix, directive }: Pass, path: string | undefined): string {
  if (path === undefined) return call.target;
  if (prefix === undefined || directive.args[0]!.includes('$')) return path;
  const query = call.target.indexOf('?');
  return encodeURI(path + call.path.slice(prefix.length)) + (query < 0 ? '' : call.target.slice(query));
}

const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'expect', 'host']);

/** The request's own headers, those of proxy_set_header in their place; an empty one is left out. */
function headersFor(process: Process, { call, own }: Pass, host: string): [string, string][] {
  const forwarded = [header(call.headers, 'x-forwarded-for'), clientOf(call)].filter((one) => one !== undefined).join(', ');
  const set = new Map<string, [name: string, value: string]>([['host', ['Host', host]], ['connection', ['Connection', 'close']]]);
  for (const { name, args: [field = '', value = ''] } of own) {
    if (name !== 'proxy_set_header') continue;
    const text = value.replaceAll('$proxy_host', host).replaceAll('$proxy_add_x_forwarded_for', forwarded);
    set.set(field.toLowerCase(), [field, variables(text, process, call)]);
  }
  const kept = call.headers.filter(([name]) => !hopByHop.has(name.toLowerCase()) && !set.has(name.toLowerCase()));
  return [...[...set.values()].filter(([, value]) => value !== ''), ...kept.map(([name, value]): [string, string] => [name, value])];
}

const notPassed: ReadonlySet<string> = new Set(['date', 'server', 'connection', 'content-length', 'transfer-encoding']);

function replyOf(response: ClientResponse, { prefix, directive }: Pass, url: string): Reply {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (!notPassed.has(name)) headers[name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())] = value;
  }
  // proxy_redirect default: an address of the upstream becomes one of the location.
  const location = headers['Location'];
  if (location?.startsWith(url) && prefix !== undefined && !directive.args[0]!.includes('$')) headers['Location'] = prefix + location.slice(url.length).replace(/^\/(?=.*)/, prefix.endsWith('/') ? '' : '/');
  return { status: response.status, headers, body: response.body };
}
