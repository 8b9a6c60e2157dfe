/** What a defaulting rule is: a type, and what happens to an object of it. */
import type { Static, TObject, TProperties } from '@sinclair/typebox';
import type { StructRef } from '../../schema/builders.ts';

export interface Rule {
  readonly typeName: string;
  /** Changes the object in place. */
  readonly apply: (object: never) => void;
}

/** Binds a rule to a type. */
export function rule<P extends TProperties>(type: StructRef<P>, apply: (object: Static<TObject<P>>) => void): Rule {
  return { typeName: type.typeName, apply: apply as Rule['apply'] };
}
