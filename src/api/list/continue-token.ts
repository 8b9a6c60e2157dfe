/**
 * Continue tokens: where a list goes on, and at which revision (apiserver/pkg/storage/continue.go). Base64url without
 * padding of `{"v":"meta.k8s.io/v1","rv":N,"start":"NAME\u0000"}`; revision -1 means the newest.
 */
import { isObject } from '../../lib/json.ts';
import { badRequest } from '../errors.ts';
import { DecodeError } from '../codec/decode-error.ts';
import { parseJson } from '../codec/json.ts';
import { cannotDecode } from '../patch/json-patch.ts';

const tokenVersion = 'meta.k8s.io/v1';

export interface ContinuePoint {
  /** -1: go on in the newest state, consistent or not. */
  readonly revision: number;
  /** Keys up to this one, relative to the list's prefix, have been seen. */
  readonly after: string;
}

export function encodeContinue(point: ContinuePoint): string {
  const start = JSON.stringify(`${point.after}\u0000`);
  return Buffer.from(`{"v":"${tokenVersion}","rv":${point.revision},"start":${start}}`).toString('base64url');
}

/** Throws 400 for anything that is not a token. */
export function decodeContinue(token: string): ContinuePoint {
  const fields = parse(token);
  if (fields['v'] !== tokenVersion) throw invalidToken(`server does not recognize this encoded version ${String(fields['v'] ?? '')}`);
  const revision = fields['rv'];
  if (typeof revision !== 'number' || revision === 0) {
    throw invalidToken(`incorrect encoded start resourceVersion (version ${tokenVersion})`);
  }
  const start = fields['start'];
  if (typeof start !== 'string' || start === '') throw invalidToken(`encoded start key empty (version ${tokenVersion})`);
  const after = start.endsWith('\u0000') ? start.slice(0, -1) : start;
  if (after.startsWith('/') || after.split('/').includes('..')) throw invalidToken(start);
  return { revision, after };
}

function parse(token: string): Record<string, unknown> {
  const broken = /[^A-Za-z0-9_-]/.exec(token);
  if (broken) throw invalidToken(`illegal base64 data at input byte ${broken.index}`);
  if (token.length % 4 === 1) throw invalidToken(`illegal base64 data at input byte ${token.length - 1}`);
  const bytes = Buffer.from(token, 'base64url');
  // The first byte may be half a character, which no text could tell.
  if (bytes[0]! >= 0x80) throw invalidToken(`invalid character '${String.fromCharCode(bytes[0]!)}' looking for beginning of value`);
  try {
    const value = parseJson(bytes.toString()) ?? {};
    if (!isObject(value)) throw new DecodeError(cannotDecode(value, 'storage.continueToken'));
    return value;
  } catch (error) {
    if (error instanceof DecodeError) throw invalidToken(error.message);
    throw error;
  }
}

const invalidToken = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
