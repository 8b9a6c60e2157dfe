/** UDP of agnhost: a server, and clients that ask one question. */
import { attempt, Errno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import { WaitQueue, type Run } from '../../wait.ts';
import { decodeText, encodeText } from '../../bytes.ts';
import { later } from '../serving.ts';

/** Takes datagrams for as long as the process lives; `answer` undefined says nothing. Throws EADDRINUSE. */
export function serveUdp(process: Process, port: number, answer: (text: string, from: string) => string | undefined, ip?: string): void {
  const { datagrams } = process.machine.network;
  const listener = { port, ip, receive: (data: string, from: string, reply: (data: string) => void): void => {
    const text = answer(decodeText(data), from);
    if (text !== undefined) reply(encodeText(text));
  } };
  datagrams.listen(listener);
  process.exited.add({ wake: () => datagrams.close(listener) });
}

/** What came back, or Go's words for why nothing did. */
export type UdpResult = { readonly body: string } | { readonly error: string; readonly why: 'refused' | 'timeout' };

/** Sends one datagram and calls back once, with the answer or after the time. `timeoutMs` undefined: never. */
export function askUdp(process: Process, ip: string, port: number, text: string, timeoutMs: number | undefined, done: (result: UdpResult) => void): void {
  let answered = false;
  let cancel: (() => boolean) | undefined;
  const { network } = process.machine;
  const from = network.senderOf(ip);
  const finish = (result: UdpResult): void => {
    if (answered) return;
    answered = true;
    cancel?.();
    done(result);
  };
  const way = `read udp ${from}->${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
  const sent = attempt(() => network.sendDatagram(from, ip, port, encodeText(text), (data) => finish({ body: decodeText(data) })));
  if (sent instanceof Errno) return finish({ error: `${way}: read: connection refused`, why: 'refused' });
  if (!answered && timeoutMs !== undefined) cancel = later(process, timeoutMs, () => finish({ error: `${way}: i/o timeout`, why: 'timeout' }));
}

/** The same for a program that waits. */
export function* awaitUdp(process: Process, ip: string, port: number, text: string, timeoutMs: number | undefined): Run<UdpResult> {
  const arrived = new WaitQueue();
  let result: UdpResult | undefined;
  askUdp(process, ip, port, text, timeoutMs, (found) => {
    result = found;
    arrived.wakeAll();
  });
  while (!result) yield { queues: [arrived] };
  return result;
}
