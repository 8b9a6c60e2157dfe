/** Conditions to wait for, spelled as `kubectl wait --for` spells them, and whether an object meets one. */
import type { KubeObject } from '../schema/objects.ts';
import { EmulatorError } from './emulator-error.ts';

/** Undefined stands for an object that does not exist. */
export type Predicate = (object: KubeObject | undefined) => boolean;

export function parseCondition(text: string): Predicate {
  const [word, rest] = split(text);
  if (text === 'create') return (object) => object !== undefined;
  if (text === 'delete' || text === 'deleted') return (object) => object === undefined;
  if (word === 'phase' && rest) return (object) => phaseOf(object) === rest;
  if (word === 'condition' && rest) return condition(rest);
  if (word === 'jsonpath' && rest) return jsonPath(rest);
  throw new EmulatorError(400, `Failed to wait: '${text}' is not a condition. `
    + "Write condition=Ready, condition=Ready=False, phase=Running, jsonpath={.status.podIP}, create or delete.");
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

/** `{.status.containerStatuses[0].restartCount}=3`; without a value the path only has to exist. */
function jsonPath(text: string): Predicate {
  const match = /^\{?\.?([^}=]*)\}?(?:=(.*))?$/.exec(text);
  if (!match) throw new EmulatorError(400, `Failed to wait: '${text}' is not a JSONPath. Write jsonpath={.status.phase}=Running.`);
  const steps = [...match[1]!.matchAll(/([^.[\]]+)|\[(\d+|'[^']*')\]/g)].map(([, name, inner]) => name ?? inner!.replaceAll("'", ''));
  const wanted = match[2]?.replace(/^(['"])(.*)\1$/, '$2');
  return (object) => {
    let value: unknown = object;
    for (const step of steps) value = (value as Record<string, unknown> | null | undefined)?.[step];
    return wanted === undefined ? value !== undefined : textOf(value) === wanted;
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
