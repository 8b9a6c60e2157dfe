/**
 * One cause of an Invalid answer: apimachinery's `field.Error`. Texts are upstream's, byte for byte
 * (staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go).
 */
import { goString, quote } from '../lib/go-format.ts';

export type FieldErrorType =
  | 'FieldValueNotFound' | 'FieldValueRequired' | 'FieldValueDuplicate' | 'FieldValueInvalid' | 'FieldValueNotSupported'
  | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'InternalError' | 'FieldValueTypeInvalid';

export interface FieldError {
  readonly type: FieldErrorType;
  /** Path as printed, for example `spec.containers[0].name`; empty for the whole object. */
  readonly field: string;
  /** The text after the field: `Required value: name is required`. */
  readonly body: string;
}

/** Error constructors. `value` is printed as Go prints it (`goString`); pass `raw` text through `RawValue`. */
export const required = (field: string, detail = ''): FieldError => make('FieldValueRequired', field, 'Required value', detail);
export const forbidden = (field: string, detail: string): FieldError => make('FieldValueForbidden', field, 'Forbidden', detail);
export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  make('FieldValueInvalid', field, `Invalid value: ${goString(value)}`, detail);
/** An error about a value that upstream does not print. */
export const invalidUnprinted = (field: string, detail: string): FieldError => make('FieldValueInvalid', field, 'Invalid value', detail);
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError =>
  make('FieldValueTypeInvalid', field, `Invalid value: ${goString(value)}`, detail);
export const duplicate = (field: string, value: unknown): FieldError =>
  make('FieldValueDuplicate', field, `Duplicate value: ${goString(value)}`, '');
export const notFound = (field: string, value: unknown): FieldError =>
  make('FieldValueNotFound', field, `Not found: ${goString(value)}`, '');
/** `supported` in the order in which upstream prints it (sort it where upstream sorts). */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  make('FieldValueNotSupported', field, `Unsupported value: ${goString(value)}`,
    supported.length > 0 ? `supported values: ${supported.map(quote).join(', ')}` : '');
/** Since 1.32 the value is not printed. `maxLength` in bytes, -1 when unknown. */
export const tooLong = (field: string, maxLength: number): FieldError =>
  make('FieldValueTooLong', field, 'Too long', maxLength >= 0 ? `may not be more than ${maxLength} bytes` : 'value is too long');
export const tooMany = (field: string, actual: number, max: number): FieldError =>
  make('FieldValueTooMany', field, `Too many: ${actual}`, max >= 0 ? `must have at most ${max} items` : 'has too many items');
export const internalError = (field: string, text: string): FieldError =>
  make('InternalError', field, 'Internal error', text);

function make(type: FieldErrorType, field: string, head: string, detail: string): FieldError {
  return { type, field, body: detail === '' ? head : `${head}: ${detail}` };
}

/** `spec` + `containers` → `spec.containers`; an empty parent gives the child alone. */
export const child = (path: string, ...names: string[]): string => [path, ...names].filter((part) => part !== '').join('.');
export const index = (path: string, i: number): string => `${path}[${i}]`;
export const key = (path: string, k: string): string => `${path}[${k}]`;
