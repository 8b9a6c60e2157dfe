/** The order of map keys in go-yaml's output: letters after other characters, runs of digits by their number (sorter.go). */
export function keyOrder(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  let afterDigit = false;
  for (let i = 0; i < left.length && i < right.length; i++) {
    const l = left[i]!;
    const r = right[i]!;
    if (l === r) {
      afterDigit = isDigit(l);
      continue;
    }
    const leftIsLetter = isLetter(l);
    const rightIsLetter = isLetter(r);
    if (leftIsLetter && rightIsLetter) return l < r ? -1 : 1;
    if (leftIsLetter || rightIsLetter) return (afterDigit ? leftIsLetter : rightIsLetter) ? -1 : 1;
    return numberOrder(left, right, i);
  }
  return left.length - right.length;
}

/** Compares the numbers that start where the keys differ; a zero counts only after another digit. */
function numberOrder(left: readonly string[], right: readonly string[], at: number): number {
  const leading = (left[at] === '0' || right[at] === '0') && afterNonZeroDigit(left, at) ? 1 : 0;
  const l = numberAt(left, at, leading);
  const r = numberAt(right, at, leading);
  if (l.number !== r.number) return l.number - r.number;
  if (l.end !== r.end) return l.end - r.end;
  return left[at]! < right[at]! ? -1 : 1;
}

function afterNonZeroDigit(chars: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && isDigit(chars[i]!); i--) if (chars[i] !== '0') return true;
  return false;
}

function numberAt(chars: readonly string[], from: number, leading: number): { number: number; end: number } {
  let number = leading;
  let end = from;
  for (; end < chars.length && isDigit(chars[end]!); end++) number = number * 10 + (chars[end]!.codePointAt(0)! - 0x30);
  return { number, end };
}

const isDigit = (char: string): boolean => /\p{Nd}/u.test(char);
const isLetter = (char: string): boolean => /\p{L}/u.test(char);
