/** What an expression would give, without an object to look at. */
import { ExpressionError, faultsText, throwFaults, type Fault } from './expression.ts';
import { parseExpression } from './parse.ts';
import { typeOf, type Names } from './type-check.ts';
import type { CelType } from './types.ts';

/** The type of what `text` gives, or what is wrong with it, in cel-go's words. */
export function compileExpression(text: string, names: Names): CelType | string {
  const faults: Fault[] = [];
  try {
    const type = typeOf(parseExpression(text), names, faults);
    throwFaults(faults.toSorted((a, b) => a.at - b.at));
    return type;
  } catch (error) {
    if (error instanceof ExpressionError) return `compilation failed: ${faultsText(text, error.faults)}`;
    throw error;
  }
}
