/** Adapters for JSON Patch, JSON Merge Patch and strategic merge patch. */
import { DecodeError, parseJson } from '../../src/api/codec/codec.ts';
import { applyJsonPatch, JsonPatchError } from '../../src/api/patch/json-patch.ts';
import { applyMergePatch } from '../../src/api/patch/merge-patch.ts';
import { strategicMerge } from '../../src/api/patch/strategic-merge.ts';
import { StrategicMergeError, type JsonMap, type StrategicFault } from '../../src/api/patch/strategic-meta.ts';
import { typeNamed } from './codec.ts';
import { expectedOf, type Adapter } from './vector.ts';

export const jsonpatch: Adapter = (vector) => ({
  expected: expectedOf(vector, ['type', 'doc', 'patch']),
  got: vector['type'] === 'merge' ? mergeAnswer(vector['doc'], vector['patch'] as string) : jsonAnswer(vector['doc'], vector['patch'] as string),
});

function jsonAnswer(document: unknown, text: string): unknown {
  try {
    return { result: applyJsonPatch(document, text, parseJson(text)) };
  } catch (error) {
    if (error instanceof DecodeError) return { error: error.message, stage: 'decode' };
    if (error instanceof JsonPatchError) return { error: error.message, stage: error.stage };
    throw error;
  }
}

function mergeAnswer(document: unknown, text: string): unknown {
  const refusal = { error: 'Invalid JSON Patch' };
  try {
    const result = applyMergePatch(document, parseJson(text));
    return result === undefined ? refusal : { result };
  } catch (error) {
    if (error instanceof DecodeError) return refusal;
    throw error;
  }
}

const classOf: Readonly<Record<StrategicFault, string>> = { badRequest: '400', hidden: '422', plain: '500' };

export const strategic: Adapter = (vector) => ({
  expected: expectedOf(vector, ['kind', 'original', 'patch']),
  got: strategicAnswer(vector['original'] as JsonMap, vector['patch'] as JsonMap, vector['kind'] as string),
});

function strategicAnswer(original: JsonMap, patch: JsonMap, kind: string): unknown {
  try {
    return { result: strategicMerge(original, patch, typeNamed(kind)).object };
  } catch (error) {
    if (!(error instanceof StrategicMergeError)) throw error;
    return { error: error.message, class: classOf[error.fault] };
  }
}
