/** What a defaulting rule is: a type, and what happens to an object of it. */

export interface Rule {
  readonly typeName: string;
  /** Changes the object in place. */
  readonly apply: (object: never) => void;
}

/** A `StructRef`, as far as rules need it: what it is called and what its objects look like. */
interface NamedType {
  (): { readonly static: unknown };
  readonly typeName: string;
}

/** Binds a rule to a type. */
export function rule<T extends NamedType>(type: T, apply: (object: ReturnType<T>['static']) => void): Rule {
  return { typeName: type.typeName, apply };
}
