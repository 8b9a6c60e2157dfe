/** Which adapter answers for which file: `quantity` for `quantity-vectors.json`. */
import { ssa } from './apply.ts';
import { defaults, protobuf } from './codec.ts';
import { jsonpatch, strategic } from './patch.ts';
import { printers } from './tables.ts';
import { duration, fieldSelector, labelSelector, name, quantity, time } from './values.ts';
import { validation } from './validation.ts';
import type { Adapter } from './vector.ts';

export const adapters: Readonly<Record<string, Adapter>> = {
  defaults, duration, fieldselector: fieldSelector, jsonpatch, labelselector: labelSelector, name, printers, protobuf, quantity,
  ssa, 'strategic-merge': strategic, time, validation,
};
