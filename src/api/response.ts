/** The answers that a handler can give, and their way to status, headers and bytes. */
import { gzipSync } from 'node:zlib';
import type { KubeObject } from '../schema/objects.ts';
import type { Stored } from '../store/store.ts';
import type { StructType } from '../schema/struct-type.ts';
import { ApiError, type Status } from './errors.ts';
import { encodeObject } from './encode-object.ts';
import { mediaTypes } from './codec/media-types.ts';
import type { ListMeta } from './list/list.ts';
import type { Representation } from './negotiation/accept.ts';
import type { ResourceDef } from './registry.ts';
import { bytesIn, jsonBytes, listBytes } from './representation.ts';
import type { ApiStream, Upgrade } from './streams.ts';
import { answerObject, typeNamed, type ShownResource, type TransformOptions } from './transform.ts';

export type Headers = Record<string, string | string[]>;

export type ApiResponse =
  | { readonly status: number; readonly headers: Headers; readonly body: Uint8Array }
  | { readonly status: 200; readonly headers: Headers; readonly stream: ApiStream }
  /** An answer that takes clock time; `done` is called once. */
  | { readonly status: 200; readonly headers: Headers; readonly deferred: (done: (response: ApiResponse) => void) => void }
  | { readonly status: 101; readonly headers: Headers; readonly upgrade: Upgrade }
  /** No answer: the connection is lost (a fault). */
  | { readonly status: 0; readonly headers: Headers; readonly broken: true };

/** What a verb answers, before it is written in the representation asked for. */
export type Answer =
  | { readonly kind: 'object'; readonly code: number; readonly def: ShownResource; readonly object: KubeObject;
      /** The stored version that `object` is, if it is one. */ readonly stored?: Stored<KubeObject> | undefined }
  | { readonly kind: 'list'; readonly code: number; readonly def: ResourceDef; readonly items: readonly Stored<KubeObject>[]; readonly metadata: Partial<ListMeta> }
  /** What is written as it is, whatever `as=` asks for: Status, discovery documents. */
  | { readonly kind: 'other'; readonly code: number; readonly object: object; readonly type: StructType | undefined };

const gzipBytesMin = 128 * 1024;
/** apiserver/pkg/endpoints/handlers/responsewriters: speed over size. */
const gzipLevel = 4;

export interface ResponseContext extends TransformOptions {
  readonly representation: Representation;
  readonly requestHeaders: Readonly<Record<string, string | undefined>>;
  readonly warnings: readonly string[];
  readonly auditId: string;
}

/** Headers of every answer. */
export function commonHeaders(context: Pick<ResponseContext, 'auditId' | 'warnings'>): Headers {
  const headers: Headers = { 'audit-id': context.auditId, 'cache-control': 'no-cache, private' };
  if (context.warnings.length > 0) headers['warning'] = warningHeaders(context.warnings);
  return headers;
}

const warningRunesMax = 4096;
const warningRunesCut = 256;

/** `299 - "text"` for each text once; texts are cut when all of them together are too long. */
function warningHeaders(texts: readonly string[]): string[] {
  const unique = [...new Set(texts)];
  const total = unique.reduce((sum, text) => sum + [...text].length, 0);
  const shown = total <= warningRunesMax ? unique : unique.map((text) => [...text].slice(0, warningRunesCut).join(''));
  return shown.map((text) => `299 - "${text.replace(/[\\"]/g, '\\$&')}"`);
}

export function respond(answer: Answer, context: ResponseContext): ApiResponse {
  const body = encode(answer, context);
  return withBody(answer.code, mediaTypes[context.representation.encoding], body, context);
}

/** The answer for a refusal. */
export function respondError(error: ApiError, context: ResponseContext): ApiResponse {
  const { status } = error;
  const retryAfter = status.details?.retryAfterSeconds;
  const response = respond(statusAnswer(status),
    { ...context, warnings: [...context.warnings, ...error.warnings] });
  if (retryAfter) response.headers['retry-after'] = String(retryAfter);
  return response;
}

export function withBody(code: number, contentType: string, body: Uint8Array, context: ResponseContext, more: Readonly<Headers> = {}): ApiResponse {
  const headers = commonHeaders(context);
  headers['content-type'] = contentType;
  Object.assign(headers, more);
  if (body.length > gzipBytesMin && acceptsGzip(context.requestHeaders['accept-encoding'])) {
    headers['content-encoding'] = 'gzip';
    headers['vary'] = 'Accept-Encoding';
    return { status: code, headers, body: gzipSync(body, { level: gzipLevel }) };
  }
  return { status: code, headers, body };
}

const acceptsGzip = (header: string | undefined): boolean =>
  header !== undefined && header.split(',').some((part) => part.trim() === 'gzip');

const newline = Buffer.from('\n');

function encode(answer: Answer, context: ResponseContext): Uint8Array {
  const { representation } = context;
  const plain = representation.encoding === 'json' && !representation.pretty && (representation.transform === undefined || answer.kind === 'other');
  return plain ? plainJson(answer) : encodeObject(answerObject(answer, representation, context), representation);
}

function plainJson(answer: Answer): Uint8Array {
  switch (answer.kind) {
    case 'list': return listBytes(answer.def, answer.items, answer.metadata);
    case 'object': return Buffer.concat([answer.stored ? bytesIn(answer.def, answer.stored) : jsonBytes(answer.object), newline]);
    case 'other': return Buffer.concat([jsonBytes(answer.object), newline]);
  }
}

/** A Status as an answer. */
export const statusAnswer = (status: Status, code = status.code): Answer =>
  ({ kind: 'other', code, object: status, type: typeNamed('v1', 'Status') });
