/**
 * One cheap pass over JSON text that tells whether `JSON.parse` keeps all that matters. It jumps over strings and looks
 * only at what lies between them. The text must be valid JSON (it has been parsed already).
 */
export interface Scan {
  /** Object members in the text, repeated ones included. */
  readonly members: number;
  /** Whether `JSON.parse` loses something: `5.0`, `1e2`, `-0`, an integer of more than 15 digits, a `\ud…` escape. */
  readonly lossy: boolean;
  /** Whether the nesting is near what Go refuses. */
  readonly deep: boolean;
}

const depthMax = 1000;

export function scanJson(text: string): Scan {
  let members = 0;
  let depth = 0;
  let deep = false;
  let lossy = text.includes('\\ud') || text.includes('\\uD');
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 0x22) {
      at = closingQuote(text, at + 1);
    } else if (c === 0x3a) {
      members++;
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > depthMax) deep = true;
    } else if (c === 0x7d || c === 0x5d) {
      depth--;
    } else if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
      const end = numberEnd(text, at);
      if (end < 0 || end - at > 15) lossy = true;
      at = Math.abs(end) - 1;
    }
  }
  return { members, lossy, deep };
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === 0x5c) before--;
  return (at - before) % 2 === 0;
}

/** The index after a number; negative when it is not a plain integer. */
function numberEnd(text: string, from: number): number {
  let plain = !(text.charCodeAt(from) === 0x2d && text.charCodeAt(from + 1) === 0x30);
  for (let at = from; ; at++) {
    const c = text.charCodeAt(at);
    if (c >= 0x30 && c <= 0x39) continue;
    if (c === 0x2e || c === 0x65 || c === 0x45 || c === 0x2b) plain = false;
    else if (c !== 0x2d) return plain ? at : -at;
  }
}
