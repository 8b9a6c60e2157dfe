/** Reading HTTP/1.1 messages: a first line, headers, a body. */

export interface HttpMessage {
  readonly firstLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Bytes. */
  readonly body: string;
}

/**
 * The message that `data` begins with; undefined when more must come. `body` says what a message without a length has:
 * nothing, all the rest, or (`lengthOnly`) something whose end is not known yet.
 */
export function readMessage(data: string, body: 'none' | 'rest' | 'lengthOnly'): HttpMessage | undefined {
  const split = /\r?\n\r?\n/.exec(data);
  if (!split) return undefined;
  const [firstLine = '', ...lines] = data.slice(0, split.index).split(/\r?\n/);
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1).trim()]] : [];
  });
  const rest = data.slice(split.index + split[0].length);
  const length = header(headers, 'content-length');
  if (body === 'none' && length === undefined && header(headers, 'transfer-encoding') === undefined) return { firstLine, headers, body: '' };
  if (/chunked/i.test(header(headers, 'transfer-encoding') ?? '')) {
    const decoded = readChunks(rest);
    return decoded === undefined && body !== 'rest' ? undefined : { firstLine, headers, body: decoded ?? rest };
  }
  if (length !== undefined && rest.length >= Number(length)) return { firstLine, headers, body: rest.slice(0, Number(length)) };
  return body === 'rest' ? { firstLine, headers, body: rest } : undefined;
}

/** The value of a header, whose name is in small letters. */
export function header(headers: HttpMessage['headers'], name: string): string | undefined {
  return headers.find((one) => one[0].toLowerCase() === name)?.[1];
}

/** The body of a chunked message; undefined when its last chunk is missing. */
function readChunks(data: string): string | undefined {
  let body = '';
  for (let at = 0; ;) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(data.slice(at, line), 16);
    if (Number.isNaN(size) || data.length < line + 2 + size + 2) return undefined;
    if (size === 0) return body;
    body += data.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
