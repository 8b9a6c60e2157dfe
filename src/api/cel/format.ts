/** `format` of texts (cel-go's ext/formatting.go): `"%s has %d".format([name, n])`. */
import { isObject } from '../../lib/json.ts';
import { EvaluationError } from './evaluation-error.ts';

const clause = /%(?:%|(?:\.(\d+))?(.))/gs;

/** Throws EvaluationError. */
export function formatText(template: string, args: readonly unknown[]): string {
  let next = 0;
  return template.replace(clause, (_, precision: string | undefined, verb: string | undefined) => {
    if (verb === undefined) return '%';
    if (next >= args.length) throw new EvaluationError(`index ${next} out of range`);
    return formatted(verb, args[next++], precision === undefined ? undefined : Number(precision));
  });
}

function formatted(verb: string, value: unknown, precision: number | undefined): string {
  switch (verb) {
    case 's': return plain(value);
    case 'd': return typeof value === 'number' && Number.isInteger(value) ? String(value) : wrong('integer', value);
    case 'f': return typeof value === 'number' ? value.toFixed(precision ?? 6) : wrong('fixed-point', value);
    case 'e': return typeof value === 'number' ? value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2') : wrong('scientific', value);
    case 'b': return typeof value === 'boolean' ? String(Number(value)) : inBase(value, 2, 'binary');
    case 'o': return inBase(value, 8, 'octal');
    case 'x': case 'X': {
      const hex = typeof value === 'string' ? Buffer.from(value).toString('hex') : inBase(value, 16, 'hex');
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default: throw new EvaluationError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

const inBase = (value: unknown, base: number, what: string): string =>
  (typeof value === 'number' && Number.isInteger(value) ? value.toString(base) : wrong(what, value));

function wrong(what: string, value: unknown): never {
  throw new EvaluationError(`error during formatting: ${what} clause can not be used on ${typeof value}`);
}

/** Texts stand bare, also in lists and maps, whose keys are sorted. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) {
    return `{${Object.keys(value).sort().map((key) => `${key}: ${plain(value[key])}`).join(', ')}}`;
  }
  return String(value);
}
