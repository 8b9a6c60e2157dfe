/** Expressions that objects hold: do they compile, to what, and can they be run? */
import { compileExpression, programOf } from '../cel/program.ts';
import type { Environment } from '../cel/environment.ts';
import type { Checked } from '../cel/checker.ts';
import { fullName } from '../cel/types.ts';
import { internalError, invalid, type FieldError } from '../field-error.ts';

/** The checked expression; undefined when an error was added. `refusal` judges the name of what it gives, `printed` is the value that errors show. */
export function validChecked(
  text: string, environment: Environment, refusal: (type: string) => string | undefined, path: string, errors: FieldError[], printed = text,
): Checked | undefined {
  const checked = compileExpression(text, environment);
  const why = typeof checked === 'string' ? `compilation failed: ${checked}` : refusal(fullName(checked.type));
  if (typeof checked === 'string' || why !== undefined) {
    errors.push(invalid(path, printed, why!));
    return undefined;
  }
  const program = programOf(checked);
  if (typeof program !== 'string') return checked;
  errors.push(internalError(path, `program instantiation failed: ${program}`));
  return undefined;
}
