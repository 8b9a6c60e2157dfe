/**
 * The emulator's own objects: what `/_fakelet/v1` takes and gives. The routes validate with these schemas, openapi.yaml
 * is made from them, and the library's types are derived from them.
 */
import { Type, type Static } from '@sinclair/typebox';

export * from './behavior.ts';
export * from './fault.ts';
export * from './scenario.ts';
export type { Duration, DurationOrNever, RuleList } from './rule.ts';

const closed = { additionalProperties: false } as const;

export const ClockState = Type.Object({
  mode: Type.Union([Type.Literal('real'), Type.Literal('scaled'), Type.Literal('manual')]),
  rate: Type.Optional(Type.Number({ description: 'Clock seconds per host second; absent while the clock stands.' })),
  now: Type.String({ format: 'date-time' }),
  pendingTimers: Type.Integer(),
  next: Type.Optional(Type.Object({ at: Type.String({ format: 'date-time' }), label: Type.String() })),
}, { $id: 'ClockState' });
export type ClockState = Static<typeof ClockState>;

export const ClockChange = Type.Object({
  mode: Type.Union([Type.Literal('real'), Type.Literal('scaled'), Type.Literal('manual')]),
  rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'For mode scaled: clock seconds per host second.' })),
}, { $id: 'ClockChange', ...closed });
export type ClockChange = Static<typeof ClockChange>;

export const ClockAdvance = Type.Object({
  duration: Type.Optional(Type.String({ description: "How far, as Go writes durations: '10m', '1h30m', '250ms'." })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'The time to move to.' })),
  untilIdle: Type.Optional(Type.String({ description: 'Move from timer to timer until none is pending, at most this far.' })),
}, { $id: 'ClockAdvance', ...closed });
export type ClockAdvance = Static<typeof ClockAdvance>;

export const ClockAdvanced = Type.Object({
  now: Type.String({ format: 'date-time' }),
  timers: Type.Integer({ description: 'Timers that ran.' }),
}, { $id: 'ClockAdvanced' });
export type ClockAdvanced = Static<typeof ClockAdvanced>;

export const WaitRequest = Type.Object({
  resource: Type.Optional(Type.String({ description: "Plural name with the group unless it is core. Default 'pods'." })),
  namespace: Type.Optional(Type.String({ description: "Default 'default'; ignored for cluster-scoped resources." })),
  name: Type.String(),
  for: Type.String({ description: "As kubectl wait: 'condition=Ready', 'condition=Ready=False', 'phase=Running', 'jsonpath={.status.podIP}', 'jsonpath={.status.phase}=Failed', 'create' or 'delete'." }),
  timeout: Type.Optional(Type.String({ description: "Clock time to wait at most. Default '5m'." })),
}, { $id: 'WaitRequest', ...closed });
export type WaitRequest = Static<typeof WaitRequest>;

export const WaitResult = Type.Object({
  now: Type.String({ format: 'date-time' }),
  object: Type.Optional(Type.Unknown({ description: 'The object as it is; absent when it is gone.' })),
}, { $id: 'WaitResult' });
export type WaitResult = Static<typeof WaitResult>;

export const Problem = Type.Object({
  error: Type.String({ description: 'What failed, why, and what to do.' }),
  object: Type.Optional(Type.Unknown()),
}, { $id: 'Problem' });
export type Problem = Static<typeof Problem>;

export const ReadinessGates = Type.Object({
  readinessGates: Type.Array(Type.String({ minLength: 1 }), { description: 'Condition types.' }),
}, { $id: 'ReadinessGates', ...closed });
export type ReadinessGates = Static<typeof ReadinessGates>;

export const ConditionValue = Type.Object({
  status: Type.Union([Type.Literal('True'), Type.Literal('False'), Type.Literal('Unknown')]),
  reason: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
}, { $id: 'ConditionValue', ...closed });
export type ConditionValue = Static<typeof ConditionValue>;

export const ContainerExit = Type.Object({
  signal: Type.Optional(Type.String({ maxLength: 16, description: "Signal to send to process 1 from outside, default 'KILL'. Not with code or reason." })),
  code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: 'End it with this exit code, whatever it does.' })),
  reason: Type.Optional(Type.String({ maxLength: 128, description: "Default 'Completed' or 'Error'." })),
  message: Type.Optional(Type.String({ maxLength: 65_536, description: 'Its termination message.' })),
}, { $id: 'ContainerExit', ...closed });
export type ContainerExit = Static<typeof ContainerExit>;

export const NodeTemplate = Type.Object({
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000, description: 'How many; default 1.' })),
  name: Type.Optional(Type.String({ description: 'Name, or prefix when count is given.' })),
  cpu: Type.Optional(Type.String()),
  memory: Type.Optional(Type.String()),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  unschedulable: Type.Optional(Type.Boolean()),
}, { $id: 'NodeTemplate', ...closed });
export type NodeTemplate = Static<typeof NodeTemplate>;

export const NodeNames = Type.Object({ nodes: Type.Array(Type.String()) }, { $id: 'NodeNames' });
export type NodeNames = Static<typeof NodeNames>;

export const NodePressure = Type.Object({
  type: Type.Union([Type.Literal('MemoryPressure'), Type.Literal('DiskPressure'), Type.Literal('PIDPressure')]),
  status: Type.Boolean(),
}, { $id: 'NodePressure', ...closed });
export type NodePressure = Static<typeof NodePressure>;

export const NodeShutdown = Type.Object({
  shutdownGracePeriod: Type.Optional(Type.String({ description: 'How long the shutdown waits for Pods in all, 30s by default.' })),
  shutdownGracePeriodCriticalPods: Type.Optional(Type.String({ description: 'How much of it is kept for critical Pods, 10s by default.' })),
}, { $id: 'NodeShutdown', ...closed });
export type NodeShutdown = Static<typeof NodeShutdown>;

export const About = Type.Object({
  version: Type.String(),
  kubernetes: Type.String(),
  options: Type.Record(Type.String(), Type.Unknown()),
  limits: Type.Record(Type.String(), Type.Number()),
  differences: Type.Array(Type.String(), { description: 'Where fakelet differs from Kubernetes on purpose.' }),
}, { $id: 'About' });
export type About = Static<typeof About>;

export const Journal = Type.Object({
  dropped: Type.Integer({ description: 'Entries that were forgotten because the journal is bounded.' }),
  entries: Type.Array(Type.Object({
    sequence: Type.Integer(), at: Type.String({ format: 'date-time' }), kind: Type.String(), text: Type.String(),
    object: Type.Optional(Type.String()),
  })),
}, { $id: 'Journal' });
export type Journal = Static<typeof Journal>;

export const JournalQuery = Type.Object({
  since: Type.Optional(Type.Integer({ minimum: 0, description: 'Only entries after this sequence number.' })),
  object: Type.Optional(Type.String({ description: "Only entries about this object: 'pods/default/web'." })),
}, closed);
export type JournalQuery = Static<typeof JournalQuery>;
