/** Adapters for the values of `src/schema/values` and for names. */
import protobuf from 'protobufjs/minimal.js';
import { writeMessage } from '../../src/api/codec/protobuf-write.ts';
import * as schema from '../../src/schema/builders.ts';
import { structType } from '../../src/schema/struct-type.ts';
import { isZeroTime, parseMicroTime, parseTime, timeFromJson, TimeError } from '../../src/schema/values/time.ts';
import { durationFromJson, DurationError, humanDuration, parseDuration, shortHumanDuration } from '../../src/schema/values/duration.ts';
import { escapeFieldValue, FieldSelectorError, parseFieldSelector, unescapeFieldValue } from '../../src/schema/values/field-selector.ts';
import {
  formatLabelSelector, fromLabelSelector, LabelSelectorError, type LabelSelector, type LabelSelectorObject, type Labels,
} from '../../src/schema/values/label-selector.ts';
import { parseLabelSelector } from '../../src/schema/values/label-selector-parser.ts';
import { parseQuantity, QuantityError, quantityFromJson } from '../../src/schema/values/quantity.ts';
import * as names from '../../src/api/validation/names.ts';
import { expectedOf, outcome, unknownOperation, type Adapter, type Vector } from './vector.ts';

export const quantity: Adapter = (vector, source) => ({
  expected: expectedOf(vector, ['op', 'in', 'a', 'b']),
  got: outcome(() => quantityAnswer(vector, source), QuantityError),
});

function quantityAnswer(vector: Vector, source: string): unknown {
  switch (vector['op']) {
    case 'parse': {
      const parsed = parseQuantity(vector['in'] as string);
      const whole = parsed.asInt64();
      return {
        ...(whole !== undefined && { asInt64: String(whole) }), canonical: parsed.canonical(), format: parsed.format, isZero: parsed.isZero(),
        milliValue: String(parsed.milliValue()), roundTrip: parseQuantity(parsed.canonical()).canonical(), sign: parsed.sign(), value: String(parsed.value()),
      };
    }
    case 'cmp': {
      const cmp = parseQuantity(vector['a'] as string).cmp(parseQuantity(vector['b'] as string));
      return { cmp, equal: cmp === 0 };
    }
    case 'add': case 'sub': {
      const result = parseQuantity(vector['a'] as string)[vector['op']](parseQuantity(vector['b'] as string));
      return { out: result.canonical(), format: result.format };
    }
    case 'json':
      return { out: { q: quantityFromJson(/"in":\s*\{"q":\s*(.*?)\}(?=,"|\}$|,$)/.exec(source)?.[1] ?? '').canonical() } };
    default: return unknownOperation(vector);
  }
}

export const time: Adapter = (vector) => ({
  expected: expectedOf(vector, ['in', 'type']),
  got: outcome(() => {
    const type = vector['type'] as 'Time' | 'MicroTime';
    const out = timeFromJson(type, vector['in']);
    const text = vector['in'];
    const zero = typeof text !== 'string' || isZeroTime(type === 'Time' ? parseTime(text) : parseMicroTime(text));
    return { out, zero, proto: timeMessage(type, out) };
  }, TimeError),
});

const holders = {
  Time: structType(schema.struct('vectors.Time', () => ({ at: schema.time({ tag: 1 }) }))),
  MicroTime: structType(schema.struct('vectors.MicroTime', () => ({ at: schema.microTime({ tag: 1 }) }))),
};

/** The message of a time in hexadecimal: a message that holds nothing else, without the tag and length around it. */
function timeMessage(type: 'Time' | 'MicroTime', at: string | null): string {
  const writer = protobuf.Writer.create();
  writeMessage(holders[type], { at }, writer);
  return Buffer.from(writer.finish()).toString('hex').slice(4);
}

export const duration: Adapter = (vector) => ({
  expected: expectedOf(vector, ['op', 'in', 'seconds']),
  got: outcome(() => {
    switch (vector['op']) {
      case 'human': return { human: humanDuration(vector['seconds'] as number), short: shortHumanDuration(vector['seconds'] as number) };
      case 'json': {
        const out = durationFromJson(vector['in']);
        return { out, nanos: String(parseDuration(out)) };
      }
      default: return unknownOperation(vector);
    }
  }, DurationError),
});

export const labelSelector: Adapter = (vector) => ({
  expected: expectedOf(vector, ['op', 'in', 'sets']),
  got: outcome(() => {
    switch (vector['op']) {
      case 'parse': {
        const selector = parseLabelSelector(vector['in'] as string);
        const requirements = selector.requirements.map(({ key, operator, values }) => ({ key, op: operator, values: [...values].sort() }));
        return { ...selectorAnswer(selector, vector), requirements: requirements.length > 0 ? requirements : null };
      }
      case 'labelSelector': {
        const object = vector['in'] as LabelSelectorObject;
        return { ...selectorAnswer(fromLabelSelector(object)!, vector), formatted: formatLabelSelector(object) };
      }
      default: return unknownOperation(vector);
    }
  }, LabelSelectorError),
});

function selectorAnswer(selector: LabelSelector, vector: Vector) {
  const sets = vector['sets'] as Labels[];
  return { canonical: String(selector), empty: selector.empty, matches: sets.map((labels) => selector.matches(labels)) };
}

export const fieldSelector: Adapter = (vector) => ({
  expected: expectedOf(vector, ['op', 'in', 'sets']),
  got: outcome(() => {
    const text = vector['in'] as string;
    switch (vector['op']) {
      case 'escape': return { out: escapeFieldValue(text) };
      case 'unescape': return { out: unescapeFieldValue(text) };
      case 'parse': {
        const selector = parseFieldSelector(text);
        const exactName = selector.exactMatch('metadata.name');
        const requirements = selector.requirements.map(({ field, operator, value }) => ({ field, op: operator, value }));
        return {
          canonical: String(selector), empty: selector.empty, ...(exactName !== undefined && { exactName }),
          matches: (vector['sets'] as Labels[]).map((fields) => selector.matches((field) => fields[field])),
          requirements: requirements.length > 0 ? requirements : null,
        };
      }
      default: return unknownOperation(vector);
    }
  }, FieldSelectorError),
});

const nameRules = names as unknown as Readonly<Record<string, (value: never) => string[]>>;

export const name: Adapter = (vector) => {
  const rule = nameRules[vector['rule'] as string];
  if (!rule) throw new Error(`unknown rule ${JSON.stringify(vector['rule'])}`);
  return { expected: vector['errors'], got: rule(vector['in'] as never) };
};
