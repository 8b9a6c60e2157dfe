/** Types of CEL, as cel-go's checker has them (common/types/types.go). */

export type Kind =
  | 'any' | 'bool' | 'bytes' | 'double' | 'duration' | 'dyn' | 'error' | 'int' | 'list' | 'map' | 'null' | 'opaque' | 'param' | 'string'
  | 'struct' | 'timestamp' | 'type' | 'uint';

export interface CelType {
  readonly kind: Kind;
  /** What `type(value)` prints: `int`, `google.protobuf.Timestamp`, `kubernetes.UserInfo`. */
  readonly name: string;
  readonly params: readonly CelType[];
  /** Of a struct: every field that may be read; undefined, when none may. */
  readonly fields?: Readonly<Record<string, CelType>>;
  /** A struct of which nothing is known: it has every field. */
  readonly isOpen?: true;
}

const simple = (kind: Kind, name: string = kind): CelType => ({ kind, name, params: [] });

/** Anything, known only when it runs. */
export const dyn = simple('dyn');
/** The same, in a message: it prints under another name. */
export const anyValue = simple('any', 'google.protobuf.Any');
/** What is wrong already, so that nothing more is said of it. */
export const errorType = simple('error', '!error!');
export const bool = simple('bool');
export const bytes = simple('bytes');
export const double = simple('double');
export const duration = simple('duration', 'google.protobuf.Duration');
export const int = simple('int');
export const nullType = simple('null', 'null_type');
export const string = simple('string');
export const timestamp = simple('timestamp', 'google.protobuf.Timestamp');
export const uint = simple('uint');
export const listOf = (items: CelType): CelType => ({ kind: 'list', name: 'list', params: [items] });
export const mapOf = (keys: CelType, values: CelType): CelType => ({ kind: 'map', name: 'map', params: [keys, values] });
export const opaque = (name: string, ...params: readonly CelType[]): CelType => ({ kind: 'opaque', name, params });
export const optionalOf = (held: CelType): CelType => opaque('optional_type', held);
export const struct = (name: string, fields?: Readonly<Record<string, CelType>>): CelType => ({ kind: 'struct', name, params: [], ...(fields ? { fields } : {}) });
export const openStruct = (name: string): CelType => ({ ...struct(name), isOpen: true });
/** A type that stands for any, the same one wherever its name is. */
export const param = (name: string): CelType => simple('param', name);
/** The type of a type, as `int` is one. */
export const typeOf = (type?: CelType): CelType => ({ kind: 'type', name: 'type', params: type ? [type] : [] });

/** Types of Kubernetes' own libraries. */
export const quantityType = struct('kubernetes.Quantity');
export const urlType = struct('kubernetes.URL');
export const semverType = struct('kubernetes.Semver');
export const formatType = struct('kubernetes.NamedFormat');
export const ipType = opaque('net.IP');
export const cidrType = opaque('net.CIDR');
export const authorizerType = struct('kubernetes.authorization.Authorizer');
export const resourceCheckType = struct('kubernetes.authorization.ResourceCheck');

/** The types that have a name in every expression. */
export const namedTypes: ReadonlyMap<string, CelType> = new Map([
  ...[bool, bytes, double, duration, int, nullType, string, timestamp, uint, ipType, cidrType].map((type): [string, CelType] => [type.name, type]),
  // Names that compile, though no program can be made with them.
  ['duration', duration], ['timestamp', timestamp], ['list', listOf(dyn)], ['map', mapOf(dyn, dyn)], ['type', typeOf()], ['optional_type', opaque('optional_type', param('V'))],
]);

export const isDyn = ({ kind }: CelType): boolean => kind === 'dyn' || kind === 'any';
export const isDynOrError = (type: CelType): boolean => isDyn(type) || type.kind === 'error';

/** What an optional value may hold; undefined for other types. */
export const heldBy = ({ kind, name, params }: CelType): CelType | undefined => (kind === 'opaque' && name === 'optional_type' ? params[0] : undefined);

/** The very same type, parameters and all. */
export function isExactly(a: CelType, b: CelType): boolean {
  return a === b || (a.kind === b.kind && a.name === b.name && a.params.length === b.params.length && a.params.every((one, i) => isExactly(one, b.params[i]!)));
}

const shortNames: Partial<Record<Kind, string>> = { any: 'any', duration: 'duration', null: 'null', timestamp: 'timestamp' };

/** A type as complaints about expressions print it (checker/format.go). */
export const printed = ({ kind, name, params }: CelType): string =>
  shortNames[kind] ?? (params.length === 0 ? name : `${name}(${params.map(printed).join(', ')})`);

/** A type as Go's `String()` prints it, in complaints about what an expression gives. */
export const fullName = ({ name, params }: CelType): string => (params.length === 0 ? name : `${name}(${params.map(fullName).join(', ')})`);

/** Arguments as complaints print them; the first is the target, if it is a member that is called. */
export function printedArguments(args: readonly CelType[], isMember: boolean): string {
  const [target, ...others] = args;
  return isMember ? `${printed(target!)}.(${others.map(printed).join(', ')})` : `(${args.map(printed).join(', ')})`;
}
