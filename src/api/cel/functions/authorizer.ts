/**
 * Questions to the authorizer (apiserver/pkg/cel/library/authz.go): `authorizer.group('').resource('pods').check('get').allowed()`.
 * Expressions with them are checked but never evaluated here, so they have no implementation.
 */
import { noOverload } from '../arguments.ts';
import { fixed, listCost, oneUnit, perCharacter, scaled, structCost, sum, type Cost } from '../cost.ts';
import { overloads, type CelFunction, type FunctionTable } from '../signatures.ts';

const asking = (signature: string, cost: Cost = oneUnit): CelFunction => overloads([signature, noOverload, cost]);

/** Two questions of an expression may be answered. */
const check: Cost = { estimate: () => ({ cost: fixed(350_000) }), actual: () => 350_000 };
/** A selector is read, and has a requirement for every two characters. */
const selector: Cost = {
  estimate: ([, text]) => ({ cost: sum(fixed(listCost), scaled(text!.size, perCharacter), scaled(scaled(text!.size, 0.5), listCost + structCost)) }),
  actual: () => listCost,
};

export const authorizerFunctions: FunctionTable = {
  path: asking('authorizer.(string) -> pathCheck'),
  group: asking('authorizer.(string) -> groupCheck'),
  serviceAccount: asking('authorizer.(string, string) -> authorizer'),
  resource: asking('groupCheck.(string) -> resourceCheck'),
  subresource: asking('resourceCheck.(string) -> resourceCheck'),
  namespace: asking('resourceCheck.(string) -> resourceCheck'),
  name: asking('resourceCheck.(string) -> resourceCheck'),
  fieldSelector: asking('resourceCheck.(string) -> resourceCheck', selector),
  labelSelector: asking('resourceCheck.(string) -> resourceCheck', selector),
  check: overloads(['pathCheck.(string) -> decision', noOverload, check], ['resourceCheck.(string) -> decision', noOverload, check]),
  errored: asking('decision.() -> bool'),
  error: asking('decision.() -> string'),
  allowed: asking('decision.() -> bool'),
  reason: asking('decision.() -> string'),
};
