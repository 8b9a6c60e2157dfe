import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyJsonPatch } from '../../../src/api/patch/json-patch.ts';
import { applyMergePatch } from '../../../src/api/patch/merge-patch.ts';
import { strategicMerge } from '../../../src/api/patch/strategic-merge.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import { Pod } from '../../../src/schema/core/v1.ts';
import { structType } from '../../../src/schema/struct-type.ts';

const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'x/y', 'm~n');
const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(name, fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.constant(null), fc.array(fc.integer(), { maxLength: 3 }), tie('tree'))),
}));
/** Trees as JSON text makes them. */
const json = tree.map((value) => deepFreeze(JSON.parse(JSON.stringify(value)) as Record<string, unknown>));
/** Documents without nulls, which a merge patch cannot make. */
const document = json.map((value) => deepFreeze(applyMergePatch({}, value)));

test('merging the same patch twice changes nothing more', () => {
  fc.assert(fc.property(document, json, (doc, patch) => {
    const once = applyMergePatch(doc, patch);
    expect(applyMergePatch(once, patch)).toEqual(once);
  }));
});

test('merging a document into nothing gives the document, and nothing into a document too', () => {
  fc.assert(fc.property(document, (doc) => {
    expect(applyMergePatch({}, doc)).toEqual(doc);
    expect(applyMergePatch(doc, {})).toEqual(doc);
  }));
});

test('what a merge patch sets is what it says, and null members are gone', () => {
  fc.assert(fc.property(document, json, (doc, patch) => {
    const result = applyMergePatch(doc, patch) as Record<string, unknown>;
    for (const key of Object.keys(patch)) {
      if (patch[key] === null) expect(Object.hasOwn(result, key)).toBe(false);
      else if (typeof patch[key] !== 'object' || Array.isArray(patch[key])) expect(result[key]).toEqual(patch[key]);
    }
  }));
});

test('adding a member by JSON Patch and removing it gives the document back', () => {
  fc.assert(fc.property(json, json, (doc, value) => {
    const patch = [{ op: 'add', path: '/new~1one', value }, { op: 'test', path: '/new~1one', value }, { op: 'remove', path: '/new~1one' }];
    expect(applyJsonPatch(doc, JSON.stringify(patch), patch)).toEqual(doc);
  }));
});

const container = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), image: fc.string() });
const containers = fc.uniqueArray(container, { selector: (item) => item.name, maxLength: 4 });

test('a strategic patch of containers keeps the others, takes its own as given, and works once', () => {
  const type = structType(Pod);
  fc.assert(fc.property(containers, containers, (live, change) => {
    const patch = { spec: { containers: change } };
    const once = strategicMerge(deepFreeze({ spec: { containers: live } }), deepFreeze(patch), type).object;
    const expected = new Map([...live, ...change].map((item) => [item.name, item]));
    const merged = (once['spec'] as { containers: { name: string }[] }).containers;
    expect(new Map(merged.map((item) => [item.name, item]))).toEqual(expected);
    expect(merged.filter((item) => change.some((own) => own.name === item.name))).toEqual(change);
    expect(strategicMerge(once, patch, type).object).toEqual(once);
  }));
});
