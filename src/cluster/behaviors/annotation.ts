/** The annotation `fakelet.dev/behavior` of a Pod: scripts of its containers, as JSON or YAML. */
import { parse } from 'yaml';
import { BehaviorAnnotation, type BehaviorScript } from '../../schema/fakelet/behavior.ts';
import { checkerOf } from '../../schema/fakelet/check.ts';
import { RuleError } from '../rule-error.ts';

export const behaviorAnnotation = 'fakelet.dev/behavior';

const check = checkerOf(BehaviorAnnotation);
const bytesMax = 256 * 1024;

/** The script of a container, or undefined when the annotation does not name it. Throws RuleError. */
export function annotatedScript(text: string, container: string): BehaviorScript | undefined {
  const scripts = read(text);
  if (Object.hasOwn(scripts, container)) return scripts[container];
  return Object.hasOwn(scripts, '*') ? scripts['*'] : undefined;
}

function read(text: string): BehaviorAnnotation {
  if (text.length > bytesMax) throw new RuleError(behaviorAnnotation, `it has more than ${bytesMax} bytes`);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new RuleError(behaviorAnnotation, `it is neither JSON nor YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const wrong = check(value);
  if (wrong !== undefined) throw new RuleError(behaviorAnnotation, wrong);
  return value as BehaviorAnnotation;
}
