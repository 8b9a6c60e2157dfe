/**
 * Query parameters, read as apimachinery's parameter codec reads them: the first value counts, a missing parameter is
 * undefined, and anything but `0` and `false` is true.
 */
import { quote } from '../lib/go-format.ts';
import { badRequest } from './errors.ts';

export class Query {
  readonly #values = new Map<string, string[]>();

  constructor(raw: string) {
    for (const pair of raw === '' ? [] : raw.split('&')) {
      // Go refuses a parameter with a bare semicolon or a broken escape, and goes on without it.
      if (pair === '' || pair.includes(';')) continue;
      const equals = pair.indexOf('=');
      try {
        const name = decode(equals < 0 ? pair : pair.slice(0, equals));
        const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
        const values = this.#values.get(name);
        if (values) values.push(value);
        else this.#values.set(name, [value]);
      } catch {
        continue;
      }
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string {
    return this.#values.get(name)?.[0] ?? '';
  }

  list(name: string): readonly string[] | undefined {
    return this.#values.get(name);
  }

  bool(name: string): boolean | undefined {
    const value = this.#values.get(name)?.[0];
    return value === undefined ? undefined : value !== '0' && value.toLowerCase() !== 'false';
  }

  /** Throws 400 with Go's text when the value is no 64-bit integer. */
  integer(name: string): number | undefined {
    const value = this.#values.get(name)?.[0];
    if (value === undefined) return undefined;
    if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${quote(value)}: invalid syntax`);
    const big = BigInt(value.replace(/^\+/, ''));
    if (big >= 2n ** 63n || big < -(2n ** 63n)) throw badRequest(`strconv.ParseInt: parsing ${quote(value)}: value out of range`);
    return Number(big);
  }
}

const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
