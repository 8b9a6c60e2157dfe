/** How a kind of volume is described to the validation of volumes. */
import type { Volume, VolumeSource } from '../../../schema/core/v1.ts';
import type { FieldError } from '../../field-error.ts';
import type { PodOptions } from './options.ts';

export type SourceName = keyof VolumeSource;

/** A kind of volume. Upstream's paths are odd in places: `path` when it is surplus, `child` when it is looked into. */
export interface SourceRule {
  readonly source: SourceName;
  readonly surplusPath?: string;
  validate(volume: Volume, path: string, errors: FieldError[], options: PodOptions): void;
}

/** A rule that needs nothing but the source itself. */
export function sourceRule<K extends SourceName>(
  source: K, check: (value: NonNullable<VolumeSource[K]>, path: string, errors: FieldError[]) => void,
  paths: { readonly child?: string; readonly surplusPath?: string } = {},
): SourceRule {
  return {
    source,
    ...(paths.surplusPath ? { surplusPath: paths.surplusPath } : {}),
    validate: (volume, path, errors) => check(volume[source]!, `${path}.${paths.child ?? source}`, errors),
  };
}
