/**
 * Behaviours: what happens in containers, decided by the user. A rule selects containers and gives them a script; the
 * annotation `fakelet.dev/behavior` of a Pod gives its containers scripts by name. A script replaces what it names and
 * leaves the rest as it would be.
 */
import { Type, type Static } from '@sinclair/typebox';
import { closed, Duration, DurationOrNever, glob, oneOf, RuleName, ruleList } from './rule.ts';

const text = (description: string) => Type.String({ maxLength: 65_536, description });
const listMax = { minItems: 1, maxItems: 1_000 } as const;

export const ScriptPull = Type.Object({
  result: oneOf(['ok', 'notFound', 'denied', 'unresolvable', 'hang'],
    "'ok', 'notFound', 'denied', 'unresolvable', or 'hang': it never ends, and other pulls of the node wait."),
  message: Type.Optional(text("The runtime's text, in the place of containerd's.")),
  after: Type.Optional(Duration),
}, { $id: 'ScriptPull', ...closed });

export const ScriptExit = Type.Object({
  after: DurationOrNever,
  code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255, description: 'Default 0, or what the signal or the reason stand for.' })),
  signal: Type.Optional(Type.String({ description: "The signal that ended it: 'SEGV' is exit code 139." })),
  reason: Type.Optional(Type.String({ maxLength: 128, description: "'OOMKilled' (exit code 137), 'ContainerCannotRun' …; default 'Completed' or 'Error'." })),
  message: Type.Optional(text('The termination message.')),
}, { $id: 'ScriptExit', ...closed });

export const ScriptReaction = Type.Union([
  Type.Literal('ignore'),
  Type.Object({ after: Type.Optional(DurationOrNever), code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })) }, closed),
], { $id: 'ScriptReaction', description: "'ignore', or {after, code}: exits that long after the signal." });

export const ScriptAnswer = Type.Object({
  result: oneOf(['success', 'failure']),
  output: Type.Optional(text('What the probe or hook printed; it shows in events.')),
  delay: Type.Optional(DurationOrNever),
  for: Type.Optional(Duration),
}, { $id: 'ScriptAnswer', ...closed, description: 'Holds for a while, then the next one; the last stays. If the last one has an end, they start again.' });

const answers = Type.Optional(Type.Array(ScriptAnswer, listMax));

export const ScriptExec = Type.Object({
  command: glob('The command line, its words joined by spaces.'),
  stdout: Type.Optional(text('Standard output.')),
  stderr: Type.Optional(text('Standard error.')),
  code: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
  delay: Type.Optional(DurationOrNever),
}, { $id: 'ScriptExec', ...closed });

export const ScriptResponse = Type.Object({
  path: Type.Optional(glob('With its query.')),
  method: Type.Optional(Type.String({ maxLength: 16 })),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, description: 'Default 200.' })),
  headers: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Type.String({ pattern: '^[^\\r\\n]*$' }))),
  body: Type.Optional(text('The body.')),
  delay: Type.Optional(DurationOrNever),
  from: Type.Optional(Duration),
  until: Type.Optional(Duration),
}, { $id: 'ScriptResponse', ...closed });

export const ScriptHealth = Type.Object({
  status: oneOf(['SERVING', 'NOT_SERVING', 'UNKNOWN', 'SERVICE_UNKNOWN']),
  for: Type.Optional(Duration),
}, { $id: 'ScriptHealth', ...closed });

export const ScriptListener = Type.Object({
  port: Type.Integer({ minimum: 1, maximum: 65535 }),
  after: Type.Optional(Duration),
  responses: Type.Optional(Type.Array(ScriptResponse, { maxItems: 1_000, description: 'The first that matches answers; default 200 to everything.' })),
  health: Type.Optional(Type.Array(ScriptHealth, { ...listMax, description: 'What gRPC health checks are answered over time; default SERVING.' })),
}, { $id: 'ScriptListener', ...closed });

export const ScriptLine = Type.Object({
  line: text('The line, without its newline.'),
  at: Type.Optional(Duration),
  every: Type.Optional(Duration),
  stream: Type.Optional(oneOf(['stdout', 'stderr'])),
}, { $id: 'ScriptLine', ...closed });

export const ScriptUsage = Type.Object({
  cpu: Type.Optional(Type.String({ maxLength: 64, description: "A quantity: '250m'." })),
  memory: Type.Optional(Type.String({ maxLength: 64, description: "A quantity: '64Mi'. More than the container's limit ends it as OOMKilled." })),
  for: Type.Optional(Duration),
}, { $id: 'ScriptUsage', ...closed });

export const BehaviorScript = Type.Object({
  pull: Type.Optional(Type.Array(ScriptPull, { ...listMax, description: 'Pulls of the image, one after another; the last repeats. The image counts as missing until one works.' })),
  start: Type.Optional(Type.Object({
    after: Type.Optional(Duration),
    error: Type.Optional(text("Why it cannot start: the runtime's text.")),
  }, { ...closed, description: 'How the container starts.' })),
  exits: Type.Optional(Type.Array(ScriptExit, { ...listMax, description: 'How each attempt ends, one after another; the last repeats. Replaces the program.' })),
  signals: Type.Optional(Type.Record(Type.String({ maxLength: 16 }), ScriptReaction, {
    description: "Reactions by signal: {\"TERM\": \"ignore\"}. Replaces the program; signals that are not named end it with 0 when they ask it to stop.",
  })),
  probes: Type.Optional(Type.Object({ startup: answers, readiness: answers, liveness: answers }, { ...closed, description: 'Results of the probes that the Pod has.' })),
  hooks: Type.Optional(Type.Object({ postStart: answers, preStop: answers }, { ...closed, description: 'Results of the lifecycle hooks that the Pod has.' })),
  exec: Type.Optional(Type.Array(ScriptExec, { ...listMax, description: 'Answers of commands run in it (kubectl exec, probes, hooks); the first that matches.' })),
  listeners: Type.Optional(Type.Array(ScriptListener, { maxItems: 100, description: 'Ports on which it listens, in the place of those it declares.' })),
  log: Type.Optional(Type.Array(ScriptLine, { ...listMax, description: 'Lines in its log, beside those that its program writes.' })),
  usage: Type.Optional(Type.Array(ScriptUsage, { ...listMax, description: 'What it uses over time; the last stays, or they start again if it has an end.' })),
}, { $id: 'BehaviorScript', ...closed });
export type BehaviorScript = Static<typeof BehaviorScript>;

export const BehaviorSelector = Type.Object({
  namespace: Type.Optional(glob('Namespace of the Pod.')),
  pod: Type.Optional(glob('Name of the Pod.')),
  labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Labels that the Pod must have.' })),
  image: Type.Optional(glob('Image as the Pod names it.')),
  container: Type.Optional(glob('Name of the container.')),
}, { $id: 'BehaviorSelector', ...closed, description: 'Everything that is given must match; nothing given matches every container.' });
export type BehaviorSelector = Static<typeof BehaviorSelector>;

const behavior = {
  name: Type.Optional(RuleName),
  selector: Type.Optional(BehaviorSelector),
  script: BehaviorScript,
};
export const Behavior = Type.Object(behavior, { $id: 'Behavior', ...closed });
export type Behavior = Static<typeof Behavior>;

export const BehaviorState = Type.Object({
  ...behavior,
  name: RuleName,
  matched: Type.Integer({ description: 'Containers that it has decided about.' }),
}, { $id: 'BehaviorState' });
export type BehaviorState = Static<typeof BehaviorState>;

export const BehaviorList = ruleList(BehaviorState, 'BehaviorList');

/** The annotation: a script by container; `*` stands for all that are not named. */
export const BehaviorAnnotation = Type.Record(Type.String(), BehaviorScript, { $id: 'BehaviorAnnotation' });
export type BehaviorAnnotation = Static<typeof BehaviorAnnotation>;

export const ProbeOverride = Type.Object({
  kind: oneOf(['startup', 'readiness', 'liveness']),
  result: oneOf(['success', 'failure', 'run'], "'success', 'failure', or 'run': the probe runs again as it is."),
  output: Type.Optional(text('What the probe printed.')),
  times: Type.Optional(Type.Integer({ minimum: 1, description: 'For this many probes; default until the container ends.' })),
}, { $id: 'ProbeOverride', ...closed });
export type ProbeOverride = Static<typeof ProbeOverride>;

export const LogLine = Type.Object({
  line: text('The line.'),
  stream: Type.Optional(oneOf(['stdout', 'stderr'])),
}, { $id: 'LogLine', ...closed });
export type LogLine = Static<typeof LogLine>;
