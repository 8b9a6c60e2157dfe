/** The body of a PATCH, read as its content type says. */
import { isObject } from '../lib/json.ts';
import { DecodeError, decodeJson, parseJson, parseYamlTree, readJson, wholeCharacters } from './codec/codec.ts';
import { Reading } from './codec/reading.ts';
import { readUntyped } from './codec/untyped.ts';
import { badRequest } from './errors.ts';
import { patchTypes, type PatchBody } from './patch/patch.ts';
import type { FieldValidation, WriteOptions } from './request-options.ts';
import type { Services } from './services.ts';
import { apply } from './verbs/apply.ts';
import { patch } from './verbs/patch.ts';
import type { WriteContext, Written } from './verbs/write-context.ts';

/** Applies a patch of the given content type. Throws ApiError. */
export function patchRequest(services: Services, context: WriteContext, contentType: string, body: Uint8Array, options: WriteOptions): Written {
  const type = patchTypes[contentType]!;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  return type === 'apply'
    ? apply(services, context, readApplied(text, options.fieldValidation, (warning) => context.warn(warning)), options.force)
    : patch(services, context, type, readPatch(text), options.fieldValidation);
}

/** A patch body as JSON, or what is wrong with it. */
export function readPatch(sent: string): PatchBody {
  const text = wholeCharacters(sent);
  try {
    return { text, value: parseJson(text), duplicates: duplicatePaths(text) };
  } catch (error) {
    if (error instanceof DecodeError) return { text, syntaxError: error.message };
    throw error;
  }
}

const duplicateField = /^duplicate field "(.*)"$/;

/** Paths of repeated members, as error texts spell them. */
function duplicatePaths(text: string): string[] {
  return decodeJson(undefined, readJson(text), true).strictErrors.flatMap((error) => duplicateField.exec(error)?.[1] ?? []);
}

/** An apply body is YAML, of which JSON is a part. Throws ApiError. */
export function readApplied(text: string, fieldValidation: FieldValidation, warn: (text: string) => void): Record<string, unknown> {
  try {
    const { tree, duplicates } = parseYamlTree(text);
    if (fieldValidation === 'Strict' && duplicates.length > 0) {
      throw badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`);
    }
    if (fieldValidation === 'Warn') duplicates.forEach(warn);
    const value = readUntyped(tree, new Reading(false));
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`error decoding YAML: ${error.message}`);
    throw error;
  }
}
