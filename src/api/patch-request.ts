/** The body of a PATCH, read as its content type says. */
import { isObject } from '../lib/json.ts';
import { DecodeError, parseJson, parseYamlTree } from './codec/codec.ts';
import { Reading } from './codec/reading.ts';
import { readUntyped } from './codec/untyped.ts';
import { badRequest } from './errors.ts';
import { patchTypes, type PatchBody } from './patch/patch.ts';
import type { WriteOptions } from './request-options.ts';
import type { Services } from './services.ts';
import { apply } from './verbs/apply.ts';
import { patch } from './verbs/patch.ts';
import type { WriteContext, Written } from './verbs/write-context.ts';

/** Applies a patch of the given content type. Throws ApiError. */
export function patchRequest(services: Services, context: WriteContext, contentType: string, body: Uint8Array, options: WriteOptions): Written {
  const type = patchTypes[contentType]!;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  return type === 'apply'
    ? apply(services, context, readApplied(text), options.force)
    : patch(services, context, type, readPatch(text), options.fieldValidation);
}

/** A patch body as JSON, or what is wrong with it. */
export function readPatch(text: string): PatchBody {
  try {
    return { text, value: parseJson(text), duplicates: [] };
  } catch (error) {
    if (error instanceof DecodeError) return { text, syntaxError: error.message };
    throw error;
  }
}

/** An apply body is YAML, of which JSON is a part. */
function readApplied(text: string): Record<string, unknown> {
  try {
    const { tree } = parseYamlTree(text);
    const value = readUntyped(tree, new Reading(false));
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`error decoding YAML: ${error.message}`);
    throw error;
  }
}
