/** Conditions to wait for, spelled as `kubectl wait --for` spells them, and whether an object meets one. */
import { JsonPathError, parseJsonPath } from '../lib/json-path.ts';
import type { KubeObject } from '../schema/objects.ts';
import { EmulatorError } from './emulator-error.ts';

/** Undefined stands for an object that does not exist. */
export type Predicate = (object: KubeObject | undefined) => boolean;

/** Events about an object. */
export type EventsOf = (object: KubeObject) => readonly KubeObject[];

/** Throws EmulatorError for a text that is no condition, and for none. */
export function parseCondition(text = '', eventsOf: EventsOf): Predicate {
  const [word, rest] = split(text);
  if (text === 'create') return (object) => object !== undefined;
  if (text === 'delete' || text === 'deleted') return (object) => object === undefined;
  if (word === 'phase' && rest) return (object) => phaseOf(object) === rest;
  if (word === 'condition' && rest) return condition(rest);
  if (word === 'jsonpath' && rest) return jsonPath(rest);
  if (word === 'event' && rest) return event(rest, eventsOf);
  throw new EmulatorError(400, `Failed to wait: '${text}' is not a condition. `
    + "Write condition=Ready, condition=Ready=False, phase=Running, jsonpath={.status.podIP}, event=BackOff, create or delete.");
}

function split(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

const phaseOf = (object: KubeObject | undefined) => (object?.['status'] as { phase?: string } | undefined)?.phase;

function condition(text: string): Predicate {
  const [type, value] = split(text);
  const wanted = (value === '' ? 'True' : value).toLowerCase();
  return (object) => {
    const conditions = (object?.['status'] as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
    return conditions.some((one) => one.type.toLowerCase() === type.toLowerCase() && one.status.toLowerCase() === wanted);
  };
}

/** `{.status.containerStatuses[0].restartCount}=3`; without a value the path only has to lead somewhere. */
function jsonPath(text: string): Predicate {
  const end = text.startsWith('{') ? text.lastIndexOf('}') + 1 : text.length;
  const [bare, value] = end === text.length && !text.startsWith('{') ? splitPath(text) : [text.slice(0, end), text.slice(end)];
  if (end === 0 || (value !== '' && !value.startsWith('='))) throw notAPath(text);
  const find = pathOf(bare, text);
  const wanted = value === '' ? undefined : value.slice(1).replace(/^(['"])(.*)\1$/, '$2');
  return (object) => {
    const found = object === undefined ? [] : find(object);
    return wanted === undefined ? found.length > 0 : found.some((one) => textOf(one) === wanted);
  };
}

/** `.status.phase=Running`: the first `=` outside brackets ends the path. */
function splitPath(text: string): [string, string] {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++;
    if (text[i] === ']') depth--;
    if (text[i] === '=' && depth === 0) return [text.slice(0, i), text.slice(i)];
  }
  return [text, ''];
}

function pathOf(bare: string, text: string) {
  try {
    return parseJsonPath(bare);
  } catch (error) {
    if (error instanceof JsonPathError) throw notAPath(text);
    throw error;
  }
}

const notAPath = (text: string) => new EmulatorError(400, `Failed to wait: '${text}' is not a JSONPath. Write jsonpath={.status.phase}=Running.`);

/** `BackOff`, `BackOff>=3`: how often an event with this reason was seen. */
function event(text: string, eventsOf: EventsOf): Predicate {
  const [, reason, least = '1'] = /^([A-Za-z]+)(?:>=(\d+))?$/.exec(text) ?? [];
  if (reason === undefined) throw new EmulatorError(400, `Failed to wait: '${text}' is no reason of events. Write event=BackOff or event=BackOff>=3.`);
  return (object) => object !== undefined && seen(eventsOf(object), reason) >= Number(least);
}

function seen(events: readonly KubeObject[], reason: string): number {
  return events.filter((one) => one['reason'] === reason)
    .reduce((sum, { count, series }) => sum + ((count as number | undefined) ?? (series as { count?: number } | undefined)?.count ?? 1), 0);
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
