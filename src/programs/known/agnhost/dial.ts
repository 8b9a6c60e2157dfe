/** netexec's /dial: asks another netexec and says what it answered. */
import { goJson, quote } from '../../../lib/go-format.ts';
import { resolveHost } from '../../applets/network-tools.ts';
import { decodeText } from '../../bytes.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { sendRequest } from '../../protocols/http-client.ts';
import { log } from '../go.ts';
import type { Answer } from '../go-http.ts';
import { later, type HttpCall } from '../serving.ts';
import type { Netexec } from './netexec.ts';
import { askUdp } from './udp.ts';

const timeoutMs = 5000;
const triesMax = 1000;

export function dial({ process }: Netexec, call: HttpCall, answer: Answer): void {
  const [host, port, request, protocol, tries] = ['host', 'port', 'request', 'protocol', 'tries'].map((name) => call.form.get(name) ?? '') as [string, string, string, string, string];
  log(process, `GET /dial?host=${host}&protocol=${protocol}&port=${port}&request=${request}&tries=${tries}`);
  const bad = (text: string): void => answer(400, `${text}\n`, { 'X-Content-Type-Options': 'nosniff' });
  if (tries !== '' && !/^[-+]?\d+$/.test(tries)) return bad(`tries parameter is invalid. strconv.Atoi: parsing ${quote(tries)}: invalid syntax`);
  if (request === '') return bad('request parameter not specified. <nil>');
  if (!['', 'http', 'udp', 'sctp'].includes(protocol.toLowerCase())) return bad(`unsupported protocol. ${protocol.toLowerCase()}`);
  const ip = host === '' ? '127.0.0.1' : resolveHost(process, host);
  if (ip === undefined) return bad(`host and/or port param are invalid. lookup ${host}: no such host`);
  const responses: string[] = [];
  const errors: string[] = [];
  let last = '';
  const ask = (left: number): void => {
    if (left <= 0) {
      return answer(200, goJson({ ...(errors.length > 0 && { errors }), ...(last !== '' && { responses }) }));
    }
    get(process, protocol.toLowerCase() || 'http', ip, Number(port), request, (result) => {
      last = 'body' in result ? result.body : '';
      if ('body' in result) responses.push(result.body);
      else errors.push(result.error);
      ask(left - 1);
    });
  };
  ask(Math.min(Number(tries || '1'), triesMax));
}

type Result = { readonly body: string } | { readonly error: string };

/** One request, with Go's words when it fails. */
function get(process: Process, protocol: string, ip: string, port: number, request: string, done: (result: Result) => void): void {
  if (protocol === 'udp') {
    return askUdp(process, ip, port, request, timeoutMs, (result) =>
      done('error' in result || result.body === '' ? { error: `reading from udp connection failed. err:'${'error' in result ? result.error : '<nil>'}'` } : result));
  }
  if (protocol !== 'http') return done({ error: `${protocol} is not emulated` });
  const url = `http://${ip}:${port}/${request}`;
  const socket = attempt(() => process.machine.network.connect(ip, port));
  if (socket instanceof Errno && socket.code === 'ECONNREFUSED') return done({ error: `Get "${url}": dial tcp ${ip}:${port}: connect: connection refused` });
  let finished = false;
  const finish = (result: Result): void => {
    if (finished) return;
    finished = true;
    done(result);
  };
  const awaiting = socket instanceof Errno ? `dial tcp ${ip}:${port}: i/o timeout` : 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  later(process, timeoutMs, () => finish({ error: `Get "${url}": ${awaiting}` }));
  if (socket instanceof Errno) return;
  const headers = [['User-Agent', 'Go-http-client/1.1']] as const;
  sendRequest(socket, { method: 'GET', scheme: 'HTTP', ip, port, path: `/${request}`, headers, body: '' }, (result) =>
    finish(typeof result === 'string' ? { error: `Get "${url}": ${result}` } : { body: decodeText(result.body) }));
}
