/** What is wrong with the nodes that a user asks for. */
import { dns1123Subdomain } from '../api/validation/names.ts';
import type { NodeTemplate } from '../schema/fakelet/v1.ts';
import { labelKey, labelValue } from '../schema/values/label-syntax.ts';
import { parseQuantity, QuantityError } from '../schema/values/quantity.ts';
import { EmulatorError } from './emulator-error.ts';

/** Throws EmulatorError for names, quantities and labels that no Node could have. */
export function checkNodeTemplate({ name, cpu, memory, labels = {} }: NodeTemplate): void {
  if (name !== undefined) refuseIf('name', name, dns1123Subdomain(name));
  for (const [member, text] of Object.entries({ cpu, memory })) if (text !== undefined) refuseIf(member, text, quantityErrors(text));
  for (const [key, value] of Object.entries(labels)) refuseIf('labels', `${key}=${value}`, [...labelKey(key), ...labelValue(value)]);
}

function refuseIf(member: string, text: string, errors: readonly string[]): void {
  if (errors.length > 0) throw new EmulatorError(400, `Failed to add nodes: ${member}: '${text}' is not valid: ${errors[0]!}.`);
}

function quantityErrors(text: string): string[] {
  try {
    return parseQuantity(text).sign() > 0 ? [] : ['it must be greater than 0'];
  } catch (error) {
    if (error instanceof QuantityError) return [error.message];
    throw error;
  }
}
