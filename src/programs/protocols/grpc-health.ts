/**
 * grpc.health.v1.Health/Check over HTTP/2, both ends, with real frames. Headers are written as plain literals, which
 * HPACK allows; of those that come in only such literals are understood, so a server looks at the messages alone and
 * takes every call for a Check.
 */
import type { Socket } from '../network.ts';
import { http2Preface } from './preface.ts';

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

export type HealthStatus = (typeof statuses)[number];
/** What a Check ends with: a status, or the call's own error (a gRPC code and its message). */
export type HealthAnswer = { readonly status: HealthStatus } | { readonly code: number; readonly message: string };

export const alwaysServing = (): HealthAnswer => ({ status: 'SERVING' });

const DATA = 0;
const HEADERS = 1;
const SETTINGS = 4;
const END_STREAM = 1;
const END_HEADERS = 4;
/** The least that a DATA frame's first message needs: a flag and a length. */
const prefixBytes = 5;

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: string;
}

const bytes = (...values: readonly number[]): string => String.fromCharCode(...values);
const big = (value: number, size: number): string => bytes(...Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256));
const number = (data: string): number => [...data].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0);

function frame(type: number, flags: number, stream: number, payload: string): string {
  return `${big(payload.length, 3)}${bytes(type, flags)}${big(stream, 4)}${payload}`;
}

/** Complete frames at the start of `data`, and what follows them. */
function readFrames(data: string): { readonly frames: readonly Frame[]; readonly rest: string } {
  const frames: Frame[] = [];
  let at = 0;
  while (data.length >= at + 9) {
    const end = at + 9 + number(data.slice(at, at + 3));
    if (data.length < end) break;
    frames.push({ type: data.charCodeAt(at + 3), flags: data.charCodeAt(at + 4), stream: number(data.slice(at + 5, at + 9)), payload: data.slice(at + 9, end) });
    at = end;
  }
  return { frames, rest: data.slice(at) };
}

/** A number with a prefix of 7 bits, as HPACK writes lengths. */
function length(value: number): string {
  if (value < 127) return bytes(value);
  let text = bytes(127);
  let rest = value - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) text += bytes(rest % 128 + 128);
  return text + bytes(rest);
}

/** Headers as literals that nobody remembers. */
function headerBlock(headers: readonly (readonly [string, string])[]): string {
  return headers.map(([name, value]) => `\0${length(name.length)}${name}${length(value.length)}${value}`).join('');
}

/** Headers of a block that `headerBlock` wrote. */
function parseBlock(block: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  const text = (): string => {
    let size = block.charCodeAt(at++);
    for (let shift = 1; size >= 127; shift *= 128) {
      const more = block.charCodeAt(at++);
      size += (more % 128) * shift;
      if (more < 128) break;
    }
    return block.slice(at, at += size);
  };
  while (at < block.length && block[at] === '\0') {
    at++;
    const name = text();
    headers.set(name, text());
  }
  return headers;
}

/** A protobuf message with the flag and length that gRPC puts in front. */
const grpcMessage = (message: string): string => `\0${big(message.length, 4)}${message}`;

/** What a client sends for one Check of a service ('' for the server as a whole). */
export function healthRequest(service: string, authority: string): string {
  const message = service === '' ? '' : `\x0a${length(service.length)}${service}`;
  const headers = headerBlock([
    [':method', 'POST'], [':scheme', 'http'], [':path', '/grpc.health.v1.Health/Check'], [':authority', authority],
    ['content-type', 'application/grpc'], ['te', 'trailers'],
  ]);
  return http2Preface + frame(SETTINGS, 0, 0, '') + frame(HEADERS, END_HEADERS, 1, headers) + frame(DATA, END_STREAM, 1, grpcMessage(message));
}

/** Whether what a server sent is HTTP/2. */
export function greetsHealth(data: string): boolean {
  return readFrames(data).frames[0]?.type === SETTINGS;
}

/** The answer in what a server sent; undefined until it is complete. */
export function healthAnswer(data: string): HealthAnswer | undefined {
  if (!greetsHealth(data)) return undefined;
  const { frames } = readFrames(data);
  const last = frames.find((one) => one.type === HEADERS && (one.flags & END_STREAM) !== 0);
  if (!last) return undefined;
  const trailers = parseBlock(last.payload);
  const code = Number(trailers.get('grpc-status') ?? '2');
  if (code !== 0) return { code, message: decodeURIComponent(trailers.get('grpc-message') ?? '') };
  const message = frames.find((one) => one.type === DATA)?.payload.slice(prefixBytes) ?? '';
  return { status: statuses[message.charCodeAt(1)] ?? 'UNKNOWN' };
}

/** A health service at a socket's end: takes what comes in, '' at the end. */
export function healthServer(socket: Socket, check: (service: string) => HealthAnswer): (data: string) => void {
  let rest = '';
  let greeted = false;
  return (data) => {
    rest += data;
    if (data === '' || (!greeted && !http2Preface.startsWith(rest.slice(0, http2Preface.length)))) return socket.release();
    if (!greeted && rest.length < http2Preface.length) return;
    if (!greeted) {
      greeted = true;
      rest = rest.slice(http2Preface.length);
      socket.send(frame(SETTINGS, 0, 0, ''));
    }
    const read = readFrames(rest);
    rest = read.rest;
    for (const { type, flags, stream, payload } of read.frames) {
      if (type === SETTINGS && flags === 0) socket.send(frame(SETTINGS, 1, 0, ''));
      if (type === DATA && payload.length >= prefixBytes) socket.send(answerFrames(stream, check(serviceOf(payload.slice(prefixBytes)))));
    }
  };
}

/** HealthCheckRequest.service. */
function serviceOf(message: string): string {
  return message.startsWith('\x0a') ? message.slice(2, 2 + message.charCodeAt(1)) : '';
}

function answerFrames(stream: number, answer: HealthAnswer): string {
  const failed = 'code' in answer;
  const opening = [[':status', '200'], ['content-type', 'application/grpc']] as const;
  if (failed) {
    const trailers = [...opening, ['grpc-status', String(answer.code)], ['grpc-message', encodeURIComponent(answer.message)]] as const;
    return frame(HEADERS, END_HEADERS | END_STREAM, stream, headerBlock(trailers));
  }
  const status = statuses.indexOf(answer.status);
  return frame(HEADERS, END_HEADERS, stream, headerBlock(opening))
    + frame(DATA, 0, stream, grpcMessage(status === 0 ? '' : bytes(8, status)))
    + frame(HEADERS, END_HEADERS | END_STREAM, stream, headerBlock([['grpc-status', '0']]));
}
