/** Expressions that select devices (dynamic-resource-allocation/cel/compile.go). */
import type { Environment } from '../cel/environment.ts';
import { estimatedCost, type Path } from '../cel/estimator.ts';
import { between, type Range } from '../cel/cost.ts';
import { anyValue, bool, mapOf, quantityType, string, struct } from '../cel/types.ts';
import { forbidden, tooLong, type FieldError } from '../field-error.ts';
import { validChecked } from './expression.ts';

const expressionBytesMax = 10 * 1024;
const costMax = 1_000_000n;

const environment: Environment = {
  variables: {
    device: struct('kubernetes.DRADevice', {
      driver: string, attributes: mapOf(string, mapOf(string, anyValue)), capacity: mapOf(string, mapOf(string, quantityType)), allowMultipleAllocations: bool,
    }),
  },
  hasBindings: true,
};

const mapMax = 32;
const keysMax: Readonly<Record<number, number>> = { 0: 63, 1: 32 };
const attributeMax = 64;

/** Characters or entries at most of what a path leads to: domains have names, which have values. */
function sizeAt([root, field, ...below]: Path): Range | undefined {
  if (root !== 'device') return undefined;
  const most = field === undefined ? 0 : sizeOfField(field, below);
  return most === undefined ? undefined : between(0, most);
}

function sizeOfField(field: string, below: Path): number | undefined {
  if (field !== 'attributes' && field !== 'capacity') return below.length > 0 ? undefined : ({ driver: 63, allowMultipleAllocations: 1 } as Readonly<Record<string, number>>)[field];
  const depth = below.length;
  const last = below.at(-1);
  if (below.slice(0, -1).some((part) => part !== '@values')) return undefined;
  if (last === '@keys') return keysMax[depth - 1];
  if (depth < 2) return last === undefined || last === '@values' ? mapMax : undefined;
  if (depth > 2) return undefined;
  return field === 'attributes' ? attributeMax : last === '@values' ? 0 : undefined;
}

export function validateSelectorExpression(text: string, path: string, errors: FieldError[]): void {
  if (Buffer.byteLength(text) > expressionBytesMax) {
    errors.push(tooLong(path, expressionBytesMax));
    return;
  }
  const refusal = (type: string): string | undefined =>
    (type === bool.name || type === anyValue.name ? undefined : `must evaluate to bool or the unknown type, not ${type}`);
  const checked = validChecked(text, environment, refusal, path, errors);
  if (checked && estimatedCost(checked, sizeAt).most > costMax) errors.push(forbidden(path, 'too complex, exceeds cost limit'));
}
