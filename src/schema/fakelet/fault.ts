/**
 * Faults: how the API server, or the way to it, fails. A rule says which requests it is about, which of those it hits
 * and what happens to them. Only requests of clients are hit, unless the rule is about the cluster's own components.
 */
import { Type, type Static } from '@sinclair/typebox';
import { closed, DurationOrNever, durationText, glob, oneOf, RuleName, ruleList } from './rule.ts';

const duration = durationText("A duration such as '30s'.");

export const FaultMatch = Type.Object({
  verbs: Type.Optional(Type.Array(oneOf(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'connect']), { minItems: 1 })),
  resource: Type.Optional(glob("Plural name, with the group unless it is core: 'pods', 'leases.coordination.k8s.io'.")),
  subresource: Type.Optional(glob("'status', 'eviction' …; empty for the object itself; any when absent.")),
  namespace: Type.Optional(glob('Empty for cluster-scoped objects.')),
  name: Type.Optional(glob('For a create the name in the body.')),
  path: Type.Optional(glob("The path of the URL, for what is no resource: '/readyz'.")),
  userAgent: Type.Optional(glob('The User-Agent header.')),
  fieldManager: Type.Optional(glob('As in managedFields.')),
  user: Type.Optional(glob('The name of the user.')),
  from: Type.Optional(oneOf(['clients', 'components'], "'clients' (the default), or 'components': kubelets, scheduler and controllers of this cluster.")),
}, { $id: 'FaultMatch', ...closed, description: 'Everything that is given must match; nothing given matches every request of a client.' });
export type FaultMatch = Static<typeof FaultMatch>;

export const FaultError = Type.Object({
  code: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status: 409, 410, 429, 500, 503 …' }),
  reason: Type.Optional(Type.String({ maxLength: 128, description: "Default what Kubernetes gives with the code: 'Conflict', 'TooManyRequests' …" })),
  message: Type.Optional(Type.String({ maxLength: 65_536, description: "Default Kubernetes' own words." })),
  retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 0, description: 'The Retry-After header; default 1 with 429.' })),
}, { $id: 'FaultError', ...closed });
export type FaultError = Static<typeof FaultError>;

export const WatchFault = Type.Object({
  do: oneOf(['end', 'break', 'stall', 'drop', 'duplicate', 'reorder'],
    "'end': the server ends the watch; 'break': the connection is lost; 'stall': events come late, in order; 'drop': a change is left out when a newer "
    + "one of the same object follows within `for`; 'duplicate': every event comes twice; 'reorder': events of different objects change places."),
  afterEvents: Type.Optional(Type.Integer({ minimum: 0, description: 'Let this many events through first.' })),
  after: Type.Optional(duration),
  for: Type.Optional(duration),
}, { $id: 'WatchFault', ...closed, description: '`for` is how long events are held back: for ever with stall, a second with drop and reorder, if it is absent.' });
export type WatchFault = Static<typeof WatchFault>;

export const FaultEffect = Type.Object({
  delay: Type.Optional(DurationOrNever),
  error: Type.Optional(FaultError),
  reset: Type.Optional(Type.Boolean({ description: 'The connection is lost without an answer.' })),
  afterwards: Type.Optional(Type.Boolean({ description: 'With error or reset: the request is carried out, only its answer is lost.' })),
  stale: Type.Optional(Type.Integer({ minimum: 1, description: 'Reads show the state of this many revisions ago.' })),
  expired: Type.Optional(Type.Boolean({ description: 'The resourceVersion or continue token is too old: 410.' })),
  compact: Type.Optional(Type.Boolean({ description: 'The history is forgotten before the request: every older resourceVersion is too old from then on.' })),
  clockSkew: Type.Optional(durationText("The clock of the server that answers is off: '5m', '-30s'.", '-?')),
  watch: Type.Optional(WatchFault),
}, { $id: 'FaultEffect', ...closed, minProperties: 1, description: 'What happens, on the clock of the cluster.' });
export type FaultEffect = Static<typeof FaultEffect>;

const fault = {
  name: Type.Optional(RuleName),
  match: Type.Optional(FaultMatch),
  nth: Type.Optional(Type.Integer({ minimum: 1, description: 'Hits from the nth matching request on; only that one unless count is given.' })),
  count: Type.Optional(Type.Integer({ minimum: 1, description: 'Hits this many requests at most.' })),
  probability: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Hits a matching request with this probability, drawn from the seed.' })),
  effect: FaultEffect,
};
export const Fault = Type.Object(fault, { $id: 'Fault', ...closed });
export type Fault = Static<typeof Fault>;

export const FaultState = Type.Object({
  ...fault,
  name: RuleName,
  matched: Type.Integer({ description: 'Requests that matched.' }),
  hit: Type.Integer({ description: 'Requests that it hit.' }),
}, { $id: 'FaultState' });
export type FaultState = Static<typeof FaultState>;

export const FaultList = ruleList(FaultState, 'FaultList');

export const WatchesBroken = Type.Object({ watches: Type.Integer({ description: 'Watches whose connection was lost.' }) }, { $id: 'WatchesBroken' });
export type WatchesBroken = Static<typeof WatchesBroken>;
