/** Which adapter answers for which file: `quantity` for `quantity-vectors.json`. */
import { printers } from './tables.ts';
import { duration, fieldSelector, labelSelector, name, quantity, time } from './values.ts';
import type { Adapter } from './vector.ts';

export const adapters: Readonly<Record<string, Adapter>> = {
  duration, fieldselector: fieldSelector, labelselector: labelSelector, name, printers, quantity, time,
};
