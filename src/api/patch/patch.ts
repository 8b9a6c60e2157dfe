/**
 * The patch types that work on the stored object as it is: JSON Patch, JSON Merge Patch and strategic merge patch,
 * chosen by content type. It turns the libraries' failures into the refusals that a client sees
 * (apiserver/pkg/endpoints/handlers/patch.go). Server-side apply is next door in `apply/`; decoding and validating the
 * result is the caller's.
 */
import { isObject } from '../../lib/json.ts';
import type { StructType } from '../../schema/struct-type.ts';
import { ApiError, badRequest, genericUnprocessable, invalid, plainError, requestEntityTooLarge } from '../errors.ts';
import { invalid as invalidField } from '../field-error.ts';
import { goJson } from '../../lib/go-format.ts';
import type { PatchType } from '../port.ts';
import { fromUnstructured } from './from-unstructured.ts';
import { goPrint } from './go-print.ts';
import { applyJsonPatch, cannotDecode, JsonPatchError } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { strategicMerge } from './strategic-merge.ts';
import { StrategicMergeError } from './strategic-meta.ts';

const jsonPatchOperationsMax = 10_000;

export const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** A patch body as the JSON decoder read it. */
export type PatchBody =
  | { readonly text: string; readonly value: unknown; /** Paths of repeated members. */ readonly duplicates: readonly string[] }
  /** Go's text of a syntax error. */
  | { readonly text: string; readonly syntaxError: string };

export interface PatchRequest {
  readonly type: Exclude<PatchType, 'apply'>;
  readonly body: PatchBody;
  /** The stored object in the requested version. Frozen. */
  readonly current: Readonly<Record<string, unknown>>;
  /** Of the stored object; strategic patches need it. */
  readonly struct: StructType;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

export interface Patched {
  readonly object: Record<string, unknown>;
  /** What `fieldValidation` complains of, found in the patch itself; the caller adds what decoding the object finds. */
  readonly strictErrors: readonly string[];
  /** Upstream names what is unknown in this object in the order of the texts (apimachinery's FromUnstructuredWithValidation). */
  readonly sorts?: boolean;
  /** The refusal if the object does not decode, or is refused for the strict errors: 422 about the field `patch`. */
  readonly refusal: (message: string) => ApiError;
}

/** Patches a copy of the current object. Throws ApiError with the Status that a client gets. */
export function patchObject(request: PatchRequest): Patched {
  switch (request.type) {
    case 'json': return jsonPatched(request);
    case 'merge': return mergePatched(request);
    case 'strategic': return strategicPatched(request);
  }
}

/** The 422 of a patch whose result is no valid object. `shown` stands for the patch or the patched object. */
export const invalidPatch = (shown: string, message: string): ApiError =>
  invalid({ group: '', kind: '' }, '', [invalidField('patch', shown, message)]);

function jsonPatched({ body, current, fieldValidation }: PatchRequest): Patched {
  const strict = fieldValidation !== 'Ignore';
  if ('syntaxError' in body) throw badRequest(strict ? `error decoding patch: ${body.syntaxError}` : body.syntaxError);
  const unknown = strict ? checkOperations(body.value) : [];
  if (Array.isArray(body.value) && body.value.length > jsonPatchOperationsMax) {
    throw requestEntityTooLarge(`The allowed maximum operations in a JSON patch is ${jsonPatchOperationsMax}, got ${body.value.length}`);
  }
  const strictErrors = strict ? [...body.duplicates.map((path) => `json patch duplicate field "${path}"`), ...unknown] : [];
  return asPatched(jsonResult(current, body), strictErrors);
}

function jsonResult(current: unknown, body: { text: string; value: unknown }): unknown {
  try {
    return applyJsonPatch(current, body.text, body.value);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw error.stage === 'decode' ? badRequest(error.message) : genericUnprocessable();
  }
}

/** What decoding into the handler's `[]jsonPatchOp` finds; answers the unknown members. */
function checkOperations(value: unknown): string[] {
  const refuse = (text: string): never => {
    throw badRequest(`error decoding patch: ${text}`);
  };
  if (value === null) return [];
  if (!Array.isArray(value)) return refuse(cannotDecode(value, '[]handlers.jsonPatchOp'));
  return value.flatMap((operation: unknown, i) => {
    if (operation === null) return [];
    if (!isObject(operation)) return refuse(cannotDecode(operation, 'handlers.jsonPatchOp'));
    return Object.keys(operation).flatMap((name) => {
      if (name === 'value') return [];
      if (!/^(op|path|from)$/.test(name)) return [`json patch unknown field "[${i}].${name}"`];
      const member = operation[name];
      if (member === null || typeof member === 'string') return [];
      return refuse(cannotDecode(member, 'string').replace('Go value', `Go struct field jsonPatchOp.${name}`));
    });
  });
}

function mergePatched({ body, current, fieldValidation }: PatchRequest): Patched {
  const strict = fieldValidation !== 'Ignore';
  if ('syntaxError' in body) throw badRequest(strict ? `error decoding patch: ${body.syntaxError}` : 'Invalid JSON Patch');
  if (strict && body.value !== null && !isObject(body.value)) {
    throw badRequest(`error decoding patch: ${cannotDecode(body.value, 'map[string]interface {}')}`);
  }
  const result = applyMergePatch(current, body.value);
  if (result === undefined) throw badRequest('Invalid JSON Patch');
  return asPatched(result, strict ? body.duplicates.map((path) => `duplicate field "${path}"`) : []);
}

/** Go's text for a list where an object is looked at for its kind. */
const noKindInList = "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type "
  + 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function asPatched(result: unknown, strictErrors: readonly string[]): Patched {
  const refusal = (message: string) => invalidPatch(goJson(result), message);
  if (!isObject(result)) throw refusal(noKindInList);
  return { object: result, strictErrors, refusal };
}

function strategicPatched({ body, current, struct, fieldValidation }: PatchRequest): Patched {
  if ('syntaxError' in body) throw badRequest(body.syntaxError);
  const value = body.value ?? {};
  if (!isObject(value)) throw badRequest(cannotDecode(value, 'map[string]interface {}'));
  const { object, patch } = strategicResult(current, value, struct);
  const refusal = (message: string) => invalidPatch(goPrint(patch), message);
  const fault = fromUnstructured(object, struct, current);
  if (fault !== undefined) throw refusal(fault);
  const strictErrors = fieldValidation === 'Ignore' ? [] : body.duplicates.map((path) => `duplicate field "${path}"`);
  return { object, strictErrors, sorts: true, refusal };
}

function strategicResult(current: Readonly<Record<string, unknown>>, patch: Readonly<Record<string, unknown>>, struct: StructType) {
  try {
    return strategicMerge(current, patch, struct);
  } catch (error) {
    if (!(error instanceof StrategicMergeError)) throw error;
    if (error.fault === 'badRequest') throw badRequest(error.message);
    throw error.fault === 'hidden' ? genericUnprocessable() : plainError(error.message);
  }
}
