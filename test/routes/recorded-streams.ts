/** Plays one recorded stream (test/golden/streams) against a server and says in the recording's words what came. */
import net from 'node:net';
import { WebSocket } from 'ws';

interface Step { readonly afterS: number; readonly bytes?: readonly number[]; readonly text?: string; readonly close?: unknown }
interface Frame { readonly op: 'binary' | 'text' | 'close'; readonly channel?: number; readonly data?: string | { readonly base64: string }; readonly json?: unknown; readonly code?: number }

export interface Recording {
  readonly name: string;
  readonly request: {
    readonly method: string; readonly path: string; readonly upgrade?: string; readonly protocols?: readonly string[]; readonly headers?: readonly string[];
  };
  readonly send?: readonly Step[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly frames?: readonly Frame[];
  readonly stillOpenAfterS?: number;
  readonly head?: readonly string[];
  readonly firstBytes?: string;
}

/** What both sides of a comparison are brought to. Frames of a channel are joined: their borders depend on timing. */
export interface Played {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly channels?: Readonly<Record<string, string>>;
  readonly close?: number | 'open';
}

const namespace = 'default';
const seconds = (count: number) => new Promise((resolve) => { setTimeout(resolve, count * 1000); });

export function masked(text: string): string {
  return text.replaceAll(/[0-9a-f]{64}/g, '{{containerID}}').replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{{uid}}')
    .replaceAll(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT/g, '{{date}}').replaceAll(/ETag: "[^"]*"/g, 'ETag: {{masked}}')
    .replaceAll(namespace, '{{ns}}');
}

/** Headers that a comparison can see. `date` shows only that it is there; Node adds its own to a plain answer. */
function visible(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !['sec-websocket-accept', 'connection', 'keep-alive', 'upgrade'].includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, masked(value)]).toSorted());
}

/** Without the length of a body that names the recorded namespace, and of a Status only what it says. */
function comparable(played: Played): Played {
  const { 'content-length': _length, ...headers } = played.headers;
  const { 3: end, ...others } = played.channels ?? {};
  return {
    ...played, headers: played.body?.includes('{{ns}}') ? headers : played.headers,
    ...(end === undefined ? {} : { channels: { ...others, 3: end.startsWith('{') ? JSON.stringify(JSON.parse(end)) : end } }),
  };
}

export const expectation = (recording: Recording): Played => comparable(recorded(recording));

function recorded({ status, headers = {}, body, frames, head, firstBytes }: Recording): Played {
  if (head) return { ...parsedHead(head), body: firstBytes ?? '' };
  if (status !== 101) return { status: status!, headers: visible(headers), body: body ?? '' };
  const close = frames!.find(({ op }) => op === 'close')?.code ?? 'open';
  const channels: Record<string, string> = {};
  for (const { op, channel, data, json } of frames!) {
    if (op === 'close') continue;
    const text = json !== undefined ? JSON.stringify(json) : op === 'text' ? base64(data as string) : typeof data === 'string' ? data : base64(data!.base64);
    if (text !== '') channels[channel!] = (channels[channel!] ?? '') + text;
  }
  return { status, headers: visible(headers), channels, close };
}

const base64 = (text: string) => Buffer.from(text, 'base64').toString('latin1');

function parsedHead(lines: readonly string[]): Played {
  const headers: Record<string, string> = {};
  for (const line of lines.slice(1)) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return { status: Number(lines[0]!.split(' ')[1]), headers: visible(headers) };
}

/** Plays a recording against the server at `url`. */
export async function play(url: string, recording: Recording): Promise<Played> {
  return comparable(await answered(url, recording));
}

async function answered(url: string, recording: Recording): Promise<Played> {
  const path = recording.request.path.replaceAll('{{ns}}', namespace);
  if (recording.request.upgrade === 'websocket') return await playWebSocket(`${url}${path}`, recording);
  const { method, headers = [] } = recording.request;
  if (headers.some((line) => line.startsWith('Upgrade:'))) return await playRaw(url, [`${method} ${path} HTTP/1.1`, `Host: ${new URL(url).host}`, ...headers]);
  const answer = await fetch(`${url}${path}`, { method });
  return { status: answer.status, headers: visible(Object.fromEntries(answer.headers)), body: masked(await answer.text()) };
}

/** Offers protocols as a plain header: the library knows no name with a slash, and no answer to an empty offer. */
async function playWebSocket(url: string, { request, send = [], frames = [], stillOpenAfterS }: Recording): Promise<Played> {
  const offered = request.protocols!.length === 0 ? {} : { 'Sec-WebSocket-Protocol': request.protocols!.join(', ') };
  const socket = new WebSocket(url, { headers: offered });
  const channels: Record<string, string> = {};
  let close: number | 'open' = 'open';
  const opened = new Promise<Played>((resolve) => {
    socket.on('unexpected-response', (_request, answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => { body += chunk.toString(); });
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: visible(answer.headers as Record<string, string>), body: masked(body) }));
    });
    socket.on('upgrade', (answer) => {
      resolve({ status: 101, headers: visible(answer.headers as Record<string, string>) });
      // Not told of the offer, the library would refuse the answer.
      delete answer.headers['sec-websocket-protocol'];
    });
  });
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const channel = isBinary ? data[0]! : data[0]! - 48;
    const text = isBinary ? data.toString('latin1', 1) : base64(data.toString('latin1', 1));
    if (text !== '') channels[channel] = (channels[channel] ?? '') + text;
  });
  const closed = new Promise<void>((resolve) => { socket.on('close', (code) => {
    close = code;
    resolve();
  }); });
  socket.on('error', () => undefined);
  const first = await opened;
  if (first.status !== 101) return first;
  for (const { afterS, bytes, text } of send) {
    await seconds(afterS);
    socket.send(text ?? Buffer.from(bytes ?? []));
  }
  const ends = frames.some(({ op }) => op === 'close');
  await Promise.race([closed, seconds(ends ? 5 : Math.min(stillOpenAfterS ?? 1, 1))]);
  const seen = close;
  socket.terminate();
  return { ...first, channels: Object.fromEntries(Object.entries(channels).map(([name, text]) => [name, masked(text)])), close: seen };
}

async function playRaw(url: string, lines: readonly string[]): Promise<Played> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  const answered = new Promise<void>((resolve) => { socket.on('data', (chunk) => { text += chunk.toString('latin1'); resolve(); }); });
  await Promise.race([answered, seconds(20)]);
  await seconds(0.5);
  socket.destroy();
  const [head = '', ...body] = text.split('\r\n\r\n');
  return { ...parsedHead(head.split('\r\n')), body: masked(body.join('\r\n\r\n')) };
}
