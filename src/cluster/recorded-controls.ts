/** The controls of a cluster as users get them: whatever changes something is noted as an input and runs at one instant. */
import type { EmulatorControls } from './controls.ts';
import type { Input } from './recording.ts';

type Method = (...args: readonly unknown[]) => unknown;
type Enter = (input: Input, run: () => unknown) => unknown;

/** What changes a cluster. Clock moves are not among it: every input carries its time. */
const changes = {
  controls: ['setReadinessGates', 'setCondition', 'exitContainer', 'oomContainer', 'probeContainer', 'logContainer', 'killSandbox',
    'addNodes', 'node', 'setPressure', 'writeStaticPod', 'removeStaticPod', 'startScenario'],
  rules: ['add', 'replace', 'remove', 'clear'],
} as const satisfies { controls: readonly (keyof EmulatorControls)[]; rules: readonly (keyof EmulatorControls['behaviors'])[] };

/** Members of the controls that are rules of a kind. */
const ruleMembers: readonly string[] = ['behaviors', 'faults'] satisfies (keyof EmulatorControls)[];

export function recordControls(controls: EmulatorControls, enter: Enter): EmulatorControls {
  const recorded = recordCalls(controls, changes.controls, '', enter);
  for (const member of ruleMembers) {
    const rules = (controls as unknown as Record<string, object>)[member]!;
    Object.defineProperty(recorded, member, { value: recordCalls(rules, changes.rules, `${member}.`, enter), enumerable: true });
  }
  return recorded;
}

/** An object that answers as `target` does; `verbs` of it go through `enter` under the name `prefix` + verb. */
function recordCalls<T extends object>(target: T, verbs: readonly string[], prefix: string, enter: Enter): T {
  const methods = target as unknown as Record<string, Method>;
  // Not an object whose prototype is `target`: V8 keeps whatever is a prototype, and all that it leads to, for long.
  const recorded = { ...target } as Record<string, unknown>;
  for (const verb of methodNames(target)) {
    const call: Method = (...args) => methods[verb]!(...args);
    recorded[verb] = verbs.includes(verb) ? (...args: unknown[]) => enter({ kind: 'control', verb: prefix + verb, args }, () => call(...args)) : call;
  }
  return recorded as T;
}

const methodsOf = new WeakMap<object, readonly string[]>();

/** The methods of an object's class. */
function methodNames(target: object): readonly string[] {
  const type = Object.getPrototypeOf(target) as object;
  let names = methodsOf.get(type);
  if (!names) methodsOf.set(type, names = inheritedMethods(type));
  return names;
}

function inheritedMethods(type: object): string[] {
  const names = new Set<string>();
  for (let level: object | null = type; level && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (name !== 'constructor' && typeof value === 'function') names.add(name);
    }
  }
  return [...names];
}

/** Calls the verb of an input again. Throws for one that there is not. */
export function callControl(controls: EmulatorControls, verb: string, args: readonly unknown[]): unknown {
  let found: unknown = controls;
  for (const name of verb.split('.')) found = Object.hasOwn(found as object, name) ? (found as Record<string, unknown>)[name] : undefined;
  return (found as Method)(...args);
}
