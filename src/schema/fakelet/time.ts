/** Our own objects around time: the clock, moving it, waiting. */
import { Type, type Static } from '@sinclair/typebox';
import { closed, oneOf } from './rule.ts';

export const ClockMode = oneOf(['real', 'scaled', 'manual', 'auto'],
  "'real', 'scaled', 'manual', or 'auto': it stands but for the time that somebody waits, and then runs as fast as it can.");
export type ClockMode = Static<typeof ClockMode>;

export const ClockState = Type.Object({
  mode: ClockMode,
  rate: Type.Optional(Type.Number({ description: 'Clock seconds per host second; absent while the clock stands.' })),
  now: Type.String({ format: 'date-time' }),
  pendingTimers: Type.Integer(),
  next: Type.Optional(Type.Object({ at: Type.String({ format: 'date-time' }), label: Type.String() })),
}, { $id: 'ClockState' });
export type ClockState = Static<typeof ClockState>;

export const ClockChange = Type.Object({
  mode: ClockMode,
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
  name: Type.Optional(Type.String({ description: 'Name of the object. Without it, the objects that `selector` finds.' })),
  selector: Type.Optional(Type.String({ maxLength: 4096, description: "Label selector, as 'app=web,tier!=db'; all objects when neither name nor selector is given." })),
  for: Type.String({ maxLength: 4096, description: "As kubectl wait: 'condition=Ready', 'condition=Ready=False', 'phase=Running', 'jsonpath={.status.podIP}', 'jsonpath={.status.phase}=Failed', 'create', 'delete'; "
    + "also 'event=BackOff', an event of the object with this reason, and 'event=BackOff>=3'." }),
  count: Type.Optional(Type.Integer({ minimum: 0, description: 'How many of the selected objects must meet it, no more and no less. Default: all, and at least one.' })),
  timeout: Type.Optional(Type.String({ description: "Clock time to wait at most. Default '5m'." })),
}, { $id: 'WaitRequest', ...closed });
export type WaitRequest = Static<typeof WaitRequest>;

export const WaitResult = Type.Object({
  now: Type.String({ format: 'date-time' }),
  object: Type.Optional(Type.Unknown({ description: 'The object as it is; absent when it is gone.' })),
  objects: Type.Optional(Type.Array(Type.Unknown(), { description: 'Without a name: the objects that meet it.' })),
}, { $id: 'WaitResult' });
export type WaitResult = Static<typeof WaitResult>;
