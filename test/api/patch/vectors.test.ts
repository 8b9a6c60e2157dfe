import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyJsonPatch, JsonPatchError } from '../../../src/api/patch/json-patch.ts';
import { applyMergePatch } from '../../../src/api/patch/merge-patch.ts';
import { strategicMerge } from '../../../src/api/patch/strategic-merge.ts';
import { StrategicMergeError } from '../../../src/api/patch/strategic-meta.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { structType } from '../../../src/schema/struct-type.ts';

function vectors<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../golden/vectors/${file}`, import.meta.url), 'utf8')) as T[];
}

interface JsonVector { id: string; type: 'json' | 'merge'; doc: unknown; patch: string; result?: unknown; error?: string; stage?: string }

/** The body, or undefined where the vector's text is no JSON. */
function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function jsonOutcome({ type, doc, patch }: JsonVector): unknown {
  const body = parse(patch);
  if (type === 'merge') {
    const result = body && applyMergePatch(doc, body.value);
    return result === undefined ? { error: 'Invalid JSON Patch' } : { result };
  }
  if (!body) return { error: 'unexpected end of JSON input', stage: 'decode' };
  try {
    return { result: applyJsonPatch(doc, patch, body.value) };
  } catch (error) {
    if (error instanceof JsonPatchError) return { error: error.message, stage: error.stage };
    throw error;
  }
}

test.each(vectors<JsonVector>('jsonpatch-vectors.json'))('$id: $type patch $patch', (vector) => {
  const { result, error, stage } = vector;
  expect(jsonOutcome(deepFreeze(vector))).toEqual(error === undefined ? { result } : { error, ...(stage ? { stage } : {}) });
});

interface StrategicVector {
  id: string; title: string; kind: string; original: Record<string, unknown>; patch: Record<string, unknown>;
  result?: unknown; error?: string; class?: string;
}

const codes = { badRequest: '400', hidden: '422', plain: '500' };

test.each(vectors<StrategicVector>('strategic-merge-vectors.json'))('$id: $title', (vector) => {
  deepFreeze(vector);
  const type = structType(kinds.get(vector.kind)!);
  let outcome: unknown;
  try {
    outcome = { result: strategicMerge(vector.original, vector.patch, type).object };
  } catch (error) {
    if (!(error instanceof StrategicMergeError)) throw error;
    outcome = { error: error.message, class: codes[error.fault] };
  }
  expect(outcome).toEqual(vector.error === undefined ? { result: vector.result } : { error: vector.error, class: vector.class });
});
