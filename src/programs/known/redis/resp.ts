/** RESP, the protocol of redis: commands in, replies out. Everything is bytes. */

export type Reply =
  | { readonly kind: 'status' | 'error' | 'bulk'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'nil' }
  | { readonly kind: 'array'; readonly items: readonly Reply[] };

export const ok: Reply = { kind: 'status', text: 'OK' };
export const nil: Reply = { kind: 'nil' };
export const bulk = (text: string): Reply => ({ kind: 'bulk', text });
export const integer = (value: number): Reply => ({ kind: 'integer', value });
export const failure = (text: string): Reply => ({ kind: 'error', text });
export const array = (items: readonly Reply[]): Reply => ({ kind: 'array', items });

export function encodeReply(reply: Reply): string {
  switch (reply.kind) {
    case 'status': return `+${reply.text}\r\n`;
    case 'error': return `-${reply.text}\r\n`;
    case 'integer': return `:${reply.value}\r\n`;
    case 'nil': return '$-1\r\n';
    case 'bulk': return `$${reply.text.length}\r\n${reply.text}\r\n`;
    default: return `*${reply.items.length}\r\n${reply.items.map(encodeReply).join('')}`;
  }
}

export function encodeCommand(words: readonly string[]): string {
  return encodeReply(array(words.map(bulk)));
}

/** A reply at the start of `data` and where it ends; undefined when more must come. */
export function readReply(data: string, from = 0): { readonly reply: Reply; readonly end: number } | undefined {
  const line = data.indexOf('\r\n', from);
  if (line < 0) return undefined;
  const text = data.slice(from + 1, line);
  const end = line + 2;
  switch (data[from]) {
    case '+': return { reply: { kind: 'status', text }, end };
    case '-': return { reply: failure(text), end };
    case ':': return { reply: integer(Number(text)), end };
    case '$': {
      const size = Number(text);
      if (size < 0) return { reply: nil, end };
      return data.length < end + size + 2 ? undefined : { reply: bulk(data.slice(end, end + size)), end: end + size + 2 };
    }
    default: {
      const items: Reply[] = [];
      let at = end;
      for (let i = Number(text); i > 0; i--) {
        const item = readReply(data, at);
        if (!item) return undefined;
        items.push(item.reply);
        at = item.end;
      }
      return { reply: array(items), end: at };
    }
  }
}

/** The words of a command at the start of `data`: an array of bulk strings, or a line. */
export function readCommand(data: string): { readonly words: readonly string[]; readonly end: number } | undefined {
  if (!data.startsWith('*')) {
    const line = data.indexOf('\n');
    return line < 0 ? undefined : { words: data.slice(0, line).trim().split(/\s+/).filter(Boolean), end: line + 1 };
  }
  const read = readReply(data);
  if (!read || read.reply.kind !== 'array') return undefined;
  return { words: read.reply.items.flatMap((item) => (item.kind === 'bulk' ? [item.text] : [])), end: read.end };
}
