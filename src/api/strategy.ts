/**
 * A resource's own rules, on top of the generic machinery: upstream's registry strategies
 * (pkg/registry/core/pod/strategy.go and its like). One file per resource in `api/resources/`.
 *
 * Strategies are pure: they see decoded, defaulted objects and answer with changes to the fresh object they are given,
 * or with field errors. Old objects are frozen.
 */
import type { KubeObject } from '../schema/objects.ts';
import type { Prng } from '../lib/prng.ts';
import type { FieldError } from './field-error.ts';
import type { User } from './services.ts';

/** What a strategy may know of the moment. */
export interface StrategyContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly random: Prng;
  /** Namespace of the request; empty for cluster-scoped resources. */
  readonly namespace: string;
  /** Who asks. */
  readonly user: User;
  /** Reads another object (a Service's siblings, a Node), or undefined. */
  get(group: string, resource: string, namespace: string, name: string): KubeObject | undefined;
  list(group: string, resource: string, namespace: string): readonly KubeObject[];
}

/** Rules of one way to change an existing object: the main resource or a subresource such as `status`. */
export interface UpdateStrategy<T extends KubeObject = KubeObject> {
  /**
   * What is allocated before anything else, in place (upstream's BeginCreate and BeginUpdate). `old` is undefined on
   * create. Its causes stand alone.
   */
  begin?(next: T, old: T | undefined, context: StrategyContext): FieldError[];
  /** Puts back what this way may not change, raises the generation, derives fields. `next` is fresh, `old` is frozen. */
  prepareForUpdate?(next: T, old: T, context: StrategyContext): void;
  /** All causes in upstream's order, metadata included. */
  validateUpdate?(next: T, old: T, context: StrategyContext): FieldError[];
  warningsOnUpdate?(next: T, old: T): string[];
}

export interface Strategy<T extends KubeObject = KubeObject> extends UpdateStrategy<T> {
  /** Defaulting rules that no schema can state (`facts/defaults.json`). Runs on every decoded body, after schema defaults. */
  applyDefaults?(object: T): void;
  /** Internal conversion effects (for example serviceAccount ↔ serviceAccountName); runs after defaulting. */
  convert?(object: T): void;
  prepareForCreate?(object: T, context: StrategyContext): void;
  /** All causes of a new object in upstream's order, metadata included. */
  validateCreate?(object: T, context: StrategyContext): FieldError[];
  warningsOnCreate?(object: T): string[];
  /** The name of an object that gave only a prefix. Absent: the prefix with a random suffix. */
  generateName?(prefix: string): string;
  /** Grace period in seconds for a delete that asked for `requested` (undefined: not given). Undefined: not graceful. */
  graceSecondsForDelete?(object: T, requested: number | undefined): number | undefined;
  /** True while the object itself holds back its removal, whatever its finalizers (Namespace: spec.finalizers). */
  heldBack?(object: T): boolean;
  /** What the first delete of an object that is held back changes beside its deletionTimestamp. */
  markTerminating?(object: T): void;
  /** What to tell the client of a delete with these options. */
  warningsOnDelete?(options: { readonly orphanDependents?: boolean | undefined; readonly propagationPolicy?: string | undefined }): string[];
  /** The annotations that only the version asked for has: answers with metadata alone are made of the internal object, without them. */
  readonly versionedAnnotations?: readonly string[];
  /** Values of the field selectors beyond metadata.name and metadata.namespace. Missing ones count as empty. */
  selectableFields?(object: T): Record<string, string>;
  /** Ways to change parts: `status`, `resize`, `ephemeralcontainers`, `finalize`, `approval`. */
  readonly subresources?: Readonly<Record<string, UpdateStrategy<T>>>;
}
