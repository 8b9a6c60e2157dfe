import { describe, expect, it } from 'vitest';
import { parseFieldSelector } from '../../../src/schema/values/field-selector.ts';
import { parseLabelSelector } from '../../../src/schema/values/label-selector-parser.ts';
import { formatLabelSelector, fromLabels, fromLabelSelector, LabelSelectorError } from '../../../src/schema/values/label-selector.ts';

describe('label selectors', () => {
  it('match only labels that an object has of its own', () => {
    expect(parseLabelSelector('constructor').matches({})).toBe(false);
    expect(parseLabelSelector('!constructor').matches({})).toBe(true);
  });

  it('match an object without labels as one with none', () => {
    expect(parseLabelSelector('a!=b').matches(undefined)).toBe(true);
  });

  it('are made of plain labels', () => {
    const selector = fromLabels({ b: '2', a: '1' });
    expect(String(selector)).toBe('a=1,b=2');
    expect(selector.matches({ a: '1', b: '2', c: '3' })).toBe(true);
    expect(selector.matches({ a: '1' })).toBe(false);
  });

  it('of a missing LabelSelector select nothing, of an empty one everything', () => {
    expect(fromLabelSelector(undefined)).toBeUndefined();
    expect(fromLabelSelector({})!.matches({ any: 'thing' })).toBe(true);
  });

  it('list all that is wrong with a requirement', () => {
    expect(() => fromLabelSelector({ matchExpressions: [{ key: '-', operator: 'Exists', values: ['-'] }] }))
      .toThrow(/^\[key: Invalid value: "-": .*, values: Invalid value: \["-"\]: .*, values\[0\]\[-\]: Invalid value: "-": .*\]$/s);
  });

  it('that are wrong are shown as an error in tables', () => {
    expect(formatLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Maybe' }] })).toBe('<error>');
  });

  it('end at a NUL, as upstream reads them', () => {
    expect(String(parseLabelSelector('a=b\0,c=d'))).toBe('a=b');
  });

  it('take white space other than blanks, tabs and line ends as part of a value', () => {
    expect(() => parseLabelSelector('a=\u00a0b')).toThrow(LabelSelectorError);
  });
});

describe('field selectors', () => {
  it('take a field that is missing as empty', () => {
    expect(parseFieldSelector('spec.nodeName=').matches(() => undefined)).toBe(true);
    expect(parseFieldSelector('spec.nodeName!=').matches(() => undefined)).toBe(false);
  });

  it('tell the one value that a field may have', () => {
    const selector = parseFieldSelector('metadata.name==web,status.phase!=Failed');
    expect([selector.exactMatch('metadata.name'), selector.exactMatch('status.phase')]).toEqual(['web', undefined]);
  });
});
