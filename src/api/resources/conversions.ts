/** Resources that are served in two groups or versions and stored in one. */
import type { Conversion } from '../registry.ts';

const conversions: Readonly<Record<string, Conversion>> = {};

export function conversionOf(group: string, version: string, resource: string): Conversion | undefined {
  return conversions[`${group}/${version}/${resource}`];
}
