/** What functions make of their arguments. */
import { equal, isObject } from '../../lib/json.ts';
import { EvaluationError } from './evaluation-error.ts';

/** Takes the receiver first, if there is one. */
export type CelFunction = (...args: unknown[]) => unknown;

/** A value of a type of its own: a quantity, a URL. */
export interface CelObject {
  equals(other: unknown): boolean;
  /** Negative, 0 or positive; absent when such values have no order. */
  compare?(other: unknown): number;
}

const isCelObject = (value: unknown): value is CelObject => typeof value === 'object' && value !== null && typeof (value as Partial<CelObject>).equals === 'function';

/** What `==` says. */
export const celEqual = (a: unknown, b: unknown): boolean => (isCelObject(a) ? a.equals(b) : equal(a, b));

export const isMap = (value: unknown): value is Record<string, unknown> => isObject(value) && !isCelObject(value);

export const noOverload = (): never => {
  throw new EvaluationError('no such overload');
};
export const text = (value: unknown): string => (typeof value === 'string' ? value : noOverload());
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : noOverload());
export const number = (value: unknown): number => (typeof value === 'number' ? value : noOverload());
export const truth = (value: unknown): boolean => (typeof value === 'boolean' ? value : noOverload());
export const order = (a: unknown, b: unknown): number => (isCelObject(a) && a.compare ? a.compare(b) : noOverload());

/** The argument of a function as a value of one of our own types. */
export const instanceOf = <T>(type: new (...args: never[]) => T) => (value: unknown): T => (value instanceof type ? value : noOverload());
