/** agnhost netexec: an HTTP server with an endpoint for each thing that a test wants to know of a Pod, or to do in it. */
import { decodeText, encodeText } from '../../bytes.ts';
import { goJson, quote } from '../../../lib/go-format.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { SIGTERM } from '../../signals.ts';
import type { Run } from '../../wait.ts';
import { durationText, log, parseDuration, type Flags } from '../go.ts';
import { notFound, redirect, serveGo, type Answer } from '../go-http.ts';
import { decodePath, later, untilSignal, type HttpCall } from '../serving.ts';
import type { Command } from './agnhost.ts';
import { dial } from './dial.ts';
import { shell, upload } from './netexec-files.ts';
import { serveUdp } from './udp.ts';

/** One running netexec. */
export interface Netexec {
  readonly process: Process;
  readonly port: number;
  /** As the published one: only its UDP server makes it healthy. */
  readonly healthy: boolean;
  terminating: boolean;
}

export const netexec: Command = {
  flags: {
    defaults: {
      'http-port': 8080, 'udp-port': 8081, 'sctp-port': -1, 'tls-cert-file': '', 'tls-private-key-file': '', 'http-override': '',
      'udp-listen-addresses': '', 'delay-shutdown': 0,
    },
  },
  * run(process, flags): Run<number> {
    const port = flags.number('http-port');
    const udpPort = flags.number('udp-port');
    const server: Netexec = { process, port, healthy: udpPort !== -1 || flags.number('sctp-port') !== -1, terminating: false };
    log(process, `Started HTTP server on port ${port}`);
    const speaks = flags.text('tls-cert-file') === '' ? 'http' : 'https';
    const failed = serveGo(process, port, (call, answer) => handle(server, overridden(call, flags), answer), speaks);
    if (failed !== undefined) return failed;
    if (udpPort !== -1) {
      for (const ip of flags.text('udp-listen-addresses').split(',')) {
        const opened = attempt(() => serveUdp(process, udpPort, (text, from) => answerUdp(process, text, from), ip || undefined));
        if (opened instanceof Errno) return listenFailed(process, ip, udpPort);
        log(process, `Started UDP server on port ${ip} ${udpPort}`);
      }
    }
    yield* untilSignal(process, [SIGTERM]);
    server.terminating = true;
    const delayS = flags.number('delay-shutdown');
    if (delayS <= 0) return 0;
    log(process, `Sleeping ${delayS} seconds before terminating...`);
    const until = process.machine.clock.now() + delayS * 1000;
    while (process.machine.clock.now() < until) yield { queues: [], timeoutMs: until - process.machine.clock.now(), deaf: true };
    return 0;
  },
};

function listenFailed(process: Process, ip: string, port: number): number {
  log(process, `Error occurred. error:failed to create listener for UDP address ${ip}:${port}listen udp ${ip}:${port}: bind: address already in use`);
  return 1;
}

/** Its UDP server knows three questions, in any case. */
function answerUdp(process: Process, text: string, from: string): string | undefined {
  const question = text.trim().toLowerCase();
  if (question === 'hostname') {
    log(process, 'Sending udp hostName response');
    return process.machine.hostname;
  }
  if (question.startsWith('echo ')) {
    log(process, `Echoing ${question.slice(5)} to UDP client ${from}`);
    return question.slice(5);
  }
  if (question === 'clientip') {
    log(process, `Sending clientip back to UDP client ${from}`);
    return from;
  }
  if (question !== '') log(process, `Unknown UDP command received from ${from}: ${question}`);
  return undefined;
}

/** --http-override: every request counts as a GET of that path. */
function overridden(call: HttpCall, flags: Flags): HttpCall {
  const target = flags.text('http-override');
  if (target === '') return call;
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  return { ...call, method: 'GET', path: decodePath(path), form: new URLSearchParams(query), headers: [], body: '' };
}

type Endpoint = (server: Netexec, call: HttpCall, answer: Answer) => void;

const field = (call: HttpCall, name: string): string => call.form.get(name) ?? '';

const hostname = (shown: string): Endpoint => ({ process }, _call, answer) => {
  log(process, `GET ${shown}`);
  answer(200, process.machine.hostname);
};

const endpoints: Readonly<Record<string, Endpoint>> = {
  '/clientip': ({ process }, call, answer) => {
    log(process, 'GET /clientip');
    answer(200, call.remote);
  },
  '/serverport': ({ process, port }, _call, answer) => {
    log(process, 'GET /serverport');
    answer(200, String(port));
  },
  '/header': ({ process }, call, answer) => {
    const key = field(call, 'key');
    log(process, key === '' ? 'GET /header' : `GET /header?key=${key}`);
    answer(200, key === '' ? goJson(headerMap(call)) : headerMap(call)[canonical(key)]?.[0] ?? '');
  },
  '/dial': dial,
  '/echo': echo,
  '/exit': exit,
  '/healthz': ({ process, healthy }, _call, answer) => {
    log(process, 'GET /healthz');
    answer(healthy ? 200 : 412, '');
  },
  '/readyz': ({ process, healthy, terminating }, _call, answer) => {
    log(process, 'GET /readyz');
    if (terminating) answer(503, 'shutting down');
    else answer(healthy ? 200 : 412, healthy ? 'ok' : '');
  },
  '/hostname': hostname('/hostname'),
  '/hostName': hostname('/hostName'),
  '/redirect': ({ process }, call, answer) => {
    const location = field(call, 'location');
    const code = field(call, 'code');
    log(process, `${call.method} /redirect?msg=${location}&code=${code}`);
    if (code === '' || isInteger(code)) redirect(call, answer, location, Number(code || '302'));
    else answer(200, `argument 'code' must be an integer or empty, got ${quote(code)}\n`);
  },
  '/shell': shell,
  '/upload': upload,
  '/shutdown': ({ process }) => {
    log(process, 'GET /shutdown');
    process.exit({ code: 0 });
  },
};

function handle(server: Netexec, call: HttpCall, answer: Answer): void {
  const endpoint = Object.hasOwn(endpoints, call.path) ? endpoints[call.path] : undefined;
  if (endpoint) return endpoint(server, call, answer);
  if (!call.path.startsWith('/')) return notFound(answer);
  log(server.process, 'GET /');
  answer(200, `NOW: ${timeText(server.process)}`);
}

/** time.Now() as Go prints it. */
function timeText(process: Process): string {
  const now = process.machine.clock.now();
  const [date, time] = new Date(now).toISOString().replace('Z', '').split('T');
  return `${date} ${time!.replace(/\.?0+$/, '')} +0000 UTC m=+${((now - process.startedAt) / 1000).toFixed(9)}`;
}

const isInteger = (text: string): boolean => /^[-+]?\d+$/.test(text);

function echo({ process }: Netexec, call: HttpCall, answer: Answer): void {
  const message = field(call, 'msg');
  const code = field(call, 'code');
  log(process, `GET /echo?msg=${message}&code=${code}`);
  if (code !== '' && !isInteger(code)) return answer(200, `argument 'code' must be an integer or empty, got ${quote(code)}\n`);
  answer(code === '' ? 200 : Number(code), message);
}

function exit({ process }: Netexec, call: HttpCall, answer: Answer): void {
  const code = field(call, 'code');
  const timeout = field(call, 'timeout');
  const wait = field(call, 'wait');
  log(process, `GET /exit?code=${code}&timeout=${timeout}&wait=${wait}`);
  for (const [name, text] of [['timeout', timeout], ['wait', wait]] as const) {
    if (text === '' || parseDuration(text) !== undefined) continue;
    return answer(200, `argument '${name}' must be a valid golang duration or empty, got ${quote(text)}\n`);
  }
  if (code !== '' && !isInteger(code)) return answer(200, `argument 'code' must be an integer [0-127] or empty, got ${quote(code)}\n`);
  const waitMs = parseDuration(wait) ?? 0;
  const timeoutMs = parseDuration(timeout) ?? 0;
  log(process, `Will begin shutdown in ${durationText(waitMs)}, allowing ${durationText(timeoutMs)} for connections to close, then will exit with ${Number(code)}`);
  const end = (): void => {
    if (timeoutMs > 0) {
      answer(200, '');
      log(process, 'Graceful shutdown completed with: <nil>');
    }
    process.exit({ code: Number(code) & 255 });
  };
  if (waitMs > 0) later(process, waitMs, end);
  else end();
}

/** The headers as http.Header prints in JSON: sorted, without Host. */
function headerMap(call: HttpCall): Record<string, string[]> {
  const map: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const sorted = call.headers.map(([name, value]) => [canonical(name), decodeText(value)] as const).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [name, value] of sorted) if (name !== 'Host' && name !== 'Connection') (map[name] ??= []).push(value);
  return map;
}

/** `x-forwarded-for` as `X-Forwarded-For`. */
function canonical(name: string): string {
  return encodeText(name).toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
