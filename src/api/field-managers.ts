/** managedFields of every write: which manager owns which fields, through `apply/`. */
import type { KubeObject } from '../schema/objects.ts';
import type { Services } from './services.ts';
import type { WriteContext } from './verbs/write-context.ts';

/** Fills metadata.managedFields of a new object. */
export function trackCreate(_services: Services, _context: WriteContext, _object: KubeObject): void {}

/** Brings metadata.managedFields of `object` up to date with its difference from `old`. */
export function trackUpdate(_services: Services, _context: WriteContext, _object: KubeObject, _old: KubeObject | undefined): void {}
