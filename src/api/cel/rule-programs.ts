/** The compiled expressions of a rule (apiextensions' apiserver/schema/cel/compilation.go). */
import type { Schema, ValidationRule } from '../crd/schema.ts';
import type { Environment } from './environment.ts';
import { estimatedCost } from './estimator.ts';
import { compileExpression, programOf, type Program } from './program.ts';
import { declaredType, sizesIn, type DeclaredType } from './schema-types.ts';
import { bool, isExactly, optionalOf, string, type CelType } from './types.ts';

export interface RulePrograms {
  readonly rule: Program;
  readonly usesOldSelf: boolean;
  /** At most, for one value. */
  readonly cost: bigint;
  readonly message?: Program;
  readonly messageCost: bigint;
  /** What is wrong with the expression of the message. */
  readonly messageFault?: string;
}

/** Undefined for a rule of nothing; a text, for one with something wrong. */
export function compileRule(rule: ValidationRule, self: DeclaredType): RulePrograms | string | undefined {
  if (rule.rule.trim() === '') return undefined;
  const environment = environmentOf(self.type, rule);
  const program = compiled(rule.rule, environment, bool, '', 'cel expression');
  if (typeof program === 'string') return program;
  const costOf = ({ checked }: Program): bigint => estimatedCost(checked, sizesIn(self)).most;
  const message = rule.messageExpression ? compiled(rule.messageExpression, environment, string, 'messageExpression ', 'messageExpression') : undefined;
  return {
    rule: program, usesOldSelf: program.uses('oldSelf'), cost: costOf(program), messageCost: typeof message === 'object' ? costOf(message) : 0n,
    ...(typeof message === 'string' ? { messageFault: message } : message ? { message } : {}),
  };
}

const environmentOf = (self: CelType, { optionalOldSelf }: ValidationRule): Environment =>
  ({ variables: { self, oldSelf: optionalOldSelf ? optionalOf(self) : self } });

function compiled(text: string, environment: Environment, wanted: CelType, prefix: string, subject: string): Program | string {
  const checked = compileExpression(text, environment);
  if (typeof checked === 'string') return `${prefix}compilation failed: ${checked}`;
  if (!isExactly(checked.type, wanted)) return `${subject} must evaluate to a ${wanted.name}`;
  const program = programOf(checked);
  return typeof program === 'string' ? `${prefix === '' ? 'program ' : prefix}instantiation failed: ${program}` : program;
}

const programs = new WeakMap<ValidationRule, RulePrograms | string>();

/** The same for rules of definitions that were accepted, once for each. */
export function ruleProgram(rule: ValidationRule, schema: Schema): RulePrograms | string | undefined {
  let found = programs.get(rule);
  if (found === undefined) {
    const self = declaredType(schema);
    found = self && compileRule(rule, self);
    if (found !== undefined) programs.set(rule, found);
  }
  return found;
}
