/** What an expression may refer to. */
import type { CelType } from './types.ts';

export interface Environment {
  /** By name; one with a dot stands for two names with a dot between them. */
  readonly variables: Readonly<Record<string, CelType>>;
  /** The objects that may be written out: `Object.spec{}`. */
  readonly structs?: (name: string) => CelType | undefined;
  /** `cel.bind` gives a name to a value. */
  readonly hasBindings?: boolean;
}
