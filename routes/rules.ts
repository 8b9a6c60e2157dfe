/** The rules of one kind at a path: list, add, read, replace, remove. */
import { Type, type TSchema } from '@sinclair/typebox';
import type { Rule, Rules } from '../src/cluster/rule-book.ts';
import { describe, type App } from './describe.ts';

export interface RuleKind<R extends TSchema, S extends TSchema> {
  readonly path: string;
  /** 'behavior', 'fault' */
  readonly what: string;
  readonly rule: R;
  readonly state: S;
  readonly list: TSchema;
}

export function ruleRoutes<R extends Rule>(app: App, { path, what, rule, state, list }: RuleKind<TSchema, TSchema>, rules: Rules<R, unknown>): void {
  const named = Type.Object({ name: Type.String() });
  app.get(path, { schema: describe(`List the ${what} rules and what they matched`, { gives: list }) }, () => rules.list());
  app.post(path, { schema: describe(`Add a ${what} rule`, { body: rule, gives: state }) }, ({ body }) => rules.add(body as R));
  app.delete(path, { schema: describe(`Remove all ${what} rules`, {}) }, () => rules.clear());
  app.post(`${path}/assertAllUsed`, { schema: describe(`Refuse if some ${what} rule has matched nothing`, {}) }, () => rules.assertAllUsed());
  app.get(`${path}/:name`, { schema: describe(`Read a ${what} rule`, { params: named, gives: state }) }, ({ params }) => rules.get(params.name));
  app.put(`${path}/:name`, { schema: describe(`Replace a ${what} rule, or add it`, { params: named, body: rule, gives: state }) },
    ({ params, body }) => rules.replace(params.name, body as R));
  app.delete(`${path}/:name`, { schema: describe(`Remove a ${what} rule`, { params: named }) }, ({ params }) => rules.remove(params.name));
}
