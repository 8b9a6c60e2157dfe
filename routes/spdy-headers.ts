/** Header blocks of SPDY/3: name-value pairs, compressed with one zlib stream for all blocks of a direction. */
import { createInflate } from 'node:zlib';

const words = `options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow
authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5
content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since
last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer
transfer-encoding upgrade user-agent vary via warning www-authenticate method get status`.split(/\s/);
const rest = '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information'
  + '204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error'
  + '501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, '
  + 'Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,'
  + 'publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

/** The dictionary of draft-mbelshe-httpbis-spdy-00 §2.6.10.1. */
export const headerDictionary = Buffer.concat([
  ...[...words, '200 OK', 'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin'].map(sized), Buffer.from(rest),
]);

function sized(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

/** Reads the header blocks of one direction, in their order. */
export class HeaderReader {
  readonly #inflate = createInflate({ dictionary: headerDictionary });
  #fail: (error: Error) => void = () => undefined;

  constructor() {
    this.#inflate.on('error', (error) => this.#fail(error));
  }

  /** The pairs of a block, names in lower case. Rejects what is no header block. */
  async read(block: Buffer): Promise<ReadonlyMap<string, string>> {
    const plain = await new Promise<Buffer>((resolve, reject) => {
      this.#fail = reject;
      this.#inflate.write(block, () => resolve((this.#inflate.read() as Buffer | null) ?? Buffer.alloc(0)));
    });
    return pairs(plain);
  }

  close(): void {
    this.#inflate.destroy();
  }
}

function pairs(plain: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 4;
  const text = (): string => {
    const length = plain.readUInt32BE(at);
    at += 4 + length;
    return plain.toString('utf8', at - length, at);
  };
  for (let left = plain.readUInt32BE(0); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}

/**
 * A writer's blocks without pairs: four zero bytes, stored, and the empty block that tells a reader to hand out what it
 * has. The first one stands behind the head of the zlib stream.
 */
export function emptyHeaders(isFirst: boolean): Buffer {
  const block = [0x00, 0x04, 0x00, 0xfb, 0xff, 0, 0, 0, 0, 0x00, 0x00, 0x00, 0xff, 0xff];
  return Buffer.from(isFirst ? [0x78, 0x01, ...block] : block);
}
