/** Servers written with Go's net/http: their headers, redirects and errors. */
import { Errno, attempt } from '../errno.ts';
import { formatDate } from '../applets/date.ts';
import type { Process } from '../process.ts';
import type { Speaks } from '../protocols/http-server.ts';
import { reasonPhrases } from '../protocols/http-server.ts';
import { log } from './go.ts';
import { serveHttp, type HttpCall } from './serving.ts';

/** Answers a call, once. The body is a text. */
export type Answer = (status: number, body: string, headers?: Readonly<Record<string, string>>) => void;

const html = 'text/html; charset=utf-8';

/** Serves as net/http does. The exit code of a program that could not, as `log.Fatal` leaves it; undefined when it can. */
export function serveGo(process: Process, port: number, handle: (call: HttpCall, answer: Answer) => void, speaks: Speaks = 'http'): number | undefined {
  const opened = attempt(() => serveHttp(process, port, (call) => handle(call, (status, body, headers = {}) => {
    const date = formatDate(process.machine.clock.now(), '%a, %d %b %Y %H:%M:%S GMT');
    const type = /^\s*<(!doctype html|html|a|h1|pre|body)\b/i.test(body) ? { 'Content-Type': html } : {};
    call.answer({ status, headers: { ...type, ...headers, Date: date }, body });
  }), speaks));
  if (!(opened instanceof Errno)) return undefined;
  log(process, `listen tcp :${port}: bind: ${opened.message.toLowerCase()}`);
  return 1;
}

export function notFound(answer: Answer): void {
  answer(404, '404 page not found\n', { 'X-Content-Type-Options': 'nosniff' });
}

/** http.Redirect. */
export function redirect(call: HttpCall, answer: Answer, location: string, status: number): void {
  const target = /^([a-z]+:|\/)/i.test(location) ? location : `${call.path.replace(/[^/]*$/, '')}${location}`;
  const shown = target.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;');
  const body = call.method === 'GET' ? `<a href="${shown}">${reasonPhrases[status] ?? ''}</a>.\n\n` : '';
  answer(status, body, { Location: target, 'Content-Type': html });
}
