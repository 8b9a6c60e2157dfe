/**
 * The emulator's own objects: what `/_fakelet/v1` takes and gives. The routes validate with these schemas, openapi.yaml
 * is made from them, and the library's types are derived from them.
 */
import { Type, type Static } from '@sinclair/typebox';
import { closed } from './rule.ts';

export * from './behavior.ts';
export * from './fault.ts';
export * from './scenario.ts';
export * from './clusters.ts';
export * from './time.ts';
export { RuleName, type Duration, type DurationOrNever, type RuleList } from './rule.ts';

export const Problem = Type.Object({
  error: Type.String({ description: 'What failed, why, and what to do.' }),
  object: Type.Optional(Type.Unknown()),
}, { $id: 'Problem' });
export type Problem = Static<typeof Problem>;

export const ReadinessGates = Type.Object({
  readinessGates: Type.Array(Type.String({ minLength: 1 }), { description: 'Condition types.' }),
}, { $id: 'ReadinessGates', ...closed });
export type ReadinessGates = Static<typeof ReadinessGates>;

/** Why a Pod is not Ready. */
export const Explanation = Type.Object({
  ready: Type.Boolean(),
  findings: Type.Array(Type.Object({
    about: Type.String({ description: 'What it is about: `container app`, `scheduling`, `node n1` …' }),
    what: Type.String({ description: 'What is known of it.' }),
    since: Type.Optional(Type.String({ description: 'RFC 3339.' })),
    next: Type.Optional(Type.String({ description: 'What comes next, or what to do.' })),
  }), { description: 'The cause first.' }),
  text: Type.String({ description: 'All of it in lines to read.' }),
}, { $id: 'Explanation' });
export type Explanation = Static<typeof Explanation>;

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
