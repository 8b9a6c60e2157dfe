/** Scenarios: nodes, behaviours, faults, objects and what happens to them over time, as data under one name. */
import { Type, type Static } from '@sinclair/typebox';
import { Behavior } from './behavior.ts';
import { Fault } from './fault.ts';
import { closed, Duration, oneOf, RuleName } from './rule.ts';

const target = {
  resource: Type.String({ description: "Plural name with the group unless it is core: 'deployments.apps'." }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
};

export const ScenarioStep = Type.Object({
  at: Duration,
  every: Type.Optional(Duration),
  node: Type.Optional(Type.Object({ name: Type.String(), do: oneOf(['stop', 'start', 'restart', 'reboot', 'remove']) }, closed)),
  patch: Type.Optional(Type.Object({ ...target, merge: Type.Unknown({ description: 'A JSON merge patch; `{n}` in its texts becomes the number of the turn.' }) }, closed)),
  delete: Type.Optional(Type.Object(target, closed)),
}, { $id: 'ScenarioStep', ...closed });
export type ScenarioStep = Static<typeof ScenarioStep>;

export const Scenario = Type.Object({
  name: RuleName,
  description: Type.String(),
  nodes: Type.Optional(Type.Integer({ minimum: 1, description: 'Nodes that there must be.' })),
  behaviors: Type.Optional(Type.Array(Behavior)),
  faults: Type.Optional(Type.Array(Fault)),
  objects: Type.Optional(Type.Array(Type.Object({
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'So many, numbered from 1: NAME-1, NAME-2 …' })),
    object: Type.Unknown({ description: 'A manifest.' }),
  }, closed))),
  steps: Type.Optional(Type.Array(ScenarioStep)),
}, { $id: 'Scenario', ...closed });
export type Scenario = Static<typeof Scenario>;

export const ScenarioList = Type.Object({
  items: Type.Array(Type.Object({ name: Type.String(), description: Type.String() })),
}, { $id: 'ScenarioList' });
export type ScenarioList = Static<typeof ScenarioList>;
