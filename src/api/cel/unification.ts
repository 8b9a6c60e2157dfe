/** Which type may stand where another is asked for, and what type parameters stand for then (cel-go's checker/types.go). */
import { dyn, heldBy, isDyn, isDynOrError, isExactly, type CelType, type Kind } from './types.ts';

/** What type parameters stand for, by name. */
export type Substitutions = ReadonlyMap<string, CelType>;

const nullable: ReadonlySet<Kind> = new Set(['opaque', 'struct', 'any', 'duration', 'timestamp']);
const containers: ReadonlySet<Kind> = new Set(['opaque', 'list', 'map']);

/** The substitutions under which every type may be used as its counterpart; undefined when there are none. */
export function assignAll(known: Substitutions, from: readonly CelType[], to: readonly CelType[]): Substitutions | undefined {
  const unifier = new Unifier(known);
  return unifier.fitAll(from, to) ? unifier.substitutions : undefined;
}

/** With every bound parameter replaced; `unbound` says what stands for the others, themselves if it is left out. */
export function substitute(known: Substitutions, type: CelType, unbound?: CelType): CelType {
  const bound = type.kind === 'param' ? known.get(type.name) : undefined;
  if (bound) return substitute(known, bound, unbound);
  if (type.kind === 'param') return unbound ?? type;
  return type.params.length === 0 ? type : { ...type, params: type.params.map((one) => substitute(known, one, unbound)) };
}

/** The more general of two types that fit. */
export const mostGeneral = (a: CelType, b: CelType): CelType => (isLessSpecific(a, b) ? a : b);

function isLessSpecific(a: CelType, b: CelType): boolean {
  if (isDyn(a) || a.kind === 'param') return true;
  if (isDyn(b) || b.kind === 'param' || a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  if (!containers.has(a.kind)) return isExactly(a, b);
  return a.name === b.name && a.params.length === b.params.length && a.params.every((one, i) => isLessSpecific(one, b.params[i]!));
}

class Unifier {
  readonly substitutions: Map<string, CelType>;

  constructor(known: Substitutions) {
    this.substitutions = new Map(known);
  }

  fitAll(from: readonly CelType[], to: readonly CelType[]): boolean {
    return from.length === to.length && from.every((one, i) => this.#fits(one, to[i]!));
  }

  #fits(from: CelType, to: CelType): boolean {
    if (to.kind === 'param') {
      const { fits, isBound } = this.#standsFor(from, to);
      if (fits || isBound) return fits;
    }
    if (from.kind === 'param') return this.#standsFor(to, from).fits;
    if (isDynOrError(from) || isDynOrError(to)) return true;
    if (from.kind === 'null' || to.kind === 'null') return nullable.has(from.kind === 'null' ? to.kind : from.kind) || from.kind === to.kind;
    if (from.kind === 'type') return to.kind === 'type';
    if (containers.has(from.kind)) return from.kind === to.kind && from.name === to.name && this.fitAll(from.params, to.params);
    return isExactly(from, to);
  }

  /** Can the parameter stand for the type? `isBound`: it stood for something before. */
  #standsFor(type: CelType, parameter: CelType): { readonly fits: boolean; readonly isBound: boolean } {
    if (isExactly(type, parameter)) return { fits: true, isBound: true };
    const bound = this.substitutions.get(parameter.name);
    if (bound) {
      if (isExactly(type, bound)) return { fits: true, isBound: true };
      if (!this.#fits(type, bound)) return { fits: false, isBound: true };
      const general = mostGeneral(type, bound);
      if (!this.#occursIn(parameter, general)) this.substitutions.set(parameter.name, general);
      return { fits: true, isBound: true };
    }
    if (this.#occursIn(parameter, type)) return { fits: false, isBound: false };
    this.substitutions.set(parameter.name, type);
    return { fits: true, isBound: false };
  }

  #occursIn(parameter: CelType, type: CelType): boolean {
    if (isExactly(parameter, type)) return true;
    if (type.kind === 'param') {
      const bound = this.substitutions.get(type.name);
      return bound !== undefined && this.#occursIn(parameter, bound);
    }
    return type.params.some((one) => this.#occursIn(parameter, one));
  }
}

/** What `a.b` and `a[b]` look into: what an optional value holds, anything else itself. */
export const unwrapped = (type: CelType): { readonly type: CelType; readonly isOptional: boolean } => {
  const held = heldBy(type);
  return held ? { type: held, isOptional: true } : { type, isOptional: false };
};

export const toDyn = (known: Substitutions, type: CelType): CelType => substitute(known, type, dyn);

/** Types with new names for all of their parameters, the same ones for the same. */
export function renamed(types: readonly CelType[], newParameter: () => CelType): CelType[] {
  const names = new Map<string, CelType>();
  const rename = (type: CelType): CelType => {
    if (type.kind !== 'param') return type.params.length === 0 ? type : { ...type, params: type.params.map(rename) };
    const found = names.get(type.name) ?? newParameter();
    names.set(type.name, found);
    return found;
  };
  return types.map(rename);
}

/** The type of a field of a struct. Names that CEL keeps for itself are found without the underscores that they are written with. */
export function fieldType({ fields, isOpen }: CelType, name: string): CelType | undefined {
  if (!fields) return isOpen ? dyn : undefined;
  const found = [name, `__${name}__`].find((one) => Object.hasOwn(fields, one));
  return found === undefined ? undefined : fields[found];
}
