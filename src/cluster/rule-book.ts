/**
 * The rules of one kind that a user has added to a cluster, by name: behaviours, faults. The newest comes first when a
 * rule is looked for, so that a test can overrule what its set-up said.
 */
import { limits } from '../limits.ts';
import type { Check } from '../schema/fakelet/check.ts';
import type { RuleList } from '../schema/fakelet/rule.ts';
import { EmulatorError } from './emulator-error.ts';
import { RuleError } from './rule-error.ts';

export interface Rule { name?: string }

/** What users do with rules, over HTTP and in the library. */
export interface Rules<R extends Rule, S> {
  /** Adds a rule; without a name it gets one. */
  add(rule: R): S;
  /** Puts a rule in the place of the one of that name, or adds it; what it counted starts anew. */
  replace(name: string, rule: R): S;
  get(name: string): S;
  list(): RuleList<S>;
  remove(name: string): null;
  /** Removes all rules. */
  clear(): null;
  /** Throws, naming the rules that nothing has matched. */
  assertAllUsed(): null;
}

/** A rule that is in force. */
export interface Entry<R extends Rule> {
  readonly name: string;
  readonly rule: R;
}

export interface RuleBookOptions<R extends Rule, E extends Entry<R>, S> {
  /** 'behavior', 'fault': the word in messages and in names. */
  readonly what: string;
  readonly check: Check;
  /** Makes a rule ready. Throws RuleError for what no schema can state. */
  compile(name: string, rule: R): E;
  state(entry: E): S;
  matched(entry: E): number;
  onAdd?(entry: E): void;
}

export class RuleBook<R extends Rule, E extends Entry<R>, S> implements Rules<R, S> {
  readonly #options: RuleBookOptions<R, E, S>;
  readonly #byName = new Map<string, E>();
  #newestFirst: readonly E[] = [];
  #added = 0;

  constructor(options: RuleBookOptions<R, E, S>) {
    this.#options = options;
  }

  /** The rules in the order in which they are asked. */
  get newestFirst(): readonly E[] {
    return this.#newestFirst;
  }

  add(rule: R): S {
    this.#mustBeValid(rule);
    const name = rule.name ?? this.#nextName();
    if (this.#byName.has(name)) throw this.#error(409, `add the ${this.#what}`, `there is one named '${name}'. Give another name, or PUT it.`);
    return this.#put(name, rule);
  }

  replace(name: string, rule: R): S {
    this.#mustBeValid({ ...rule, name });
    if (rule.name !== undefined && rule.name !== name) throw this.#error(400, `replace the ${this.#what} '${name}'`, `it names itself '${rule.name}'. Use one name.`);
    return this.#put(name, rule);
  }

  get(name: string): S {
    return this.#options.state(this.#find(name));
  }

  list(): RuleList<S> {
    const entries = [...this.#byName.values()];
    return { items: entries.map(this.#options.state), unused: this.#unused() };
  }

  remove(name: string): null {
    this.#find(name);
    this.#byName.delete(name);
    return this.#changed();
  }

  clear(): null {
    this.#byName.clear();
    this.#added = 0;
    return this.#changed();
  }

  assertAllUsed(): null {
    const unused = this.#unused();
    if (unused.length === 0) return null;
    throw this.#error(409, `see all ${this.#what}s used`, `nothing matched ${unused.join(', ')}. Check what they select, or remove them.`);
  }

  #put(name: string, rule: R): S {
    if (!this.#byName.has(name) && this.#byName.size >= limits.rulesMax) {
      throw this.#error(400, `add the ${this.#what}`, 'the limit rulesMax is reached. Remove some.');
    }
    let entry: E;
    try {
      entry = this.#options.compile(name, { ...rule, name });
    } catch (error) {
      if (error instanceof RuleError) throw this.#error(400, `read the ${this.#what}`, `${error.message}.`);
      throw error;
    }
    this.#byName.set(name, entry);
    this.#changed();
    this.#options.onAdd?.(entry);
    return this.#options.state(entry);
  }

  #mustBeValid(rule: R): void {
    const wrong = this.#options.check(rule);
    if (wrong !== undefined) throw this.#error(400, `read the ${this.#what}`, `${wrong}. See docs/${this.#what}s.md.`);
  }

  #find(name: string): E {
    const entry = this.#byName.get(name);
    if (!entry) throw this.#error(404, `find the ${this.#what} '${name}'`, `there is none. Known are: ${[...this.#byName.keys()].slice(0, 10).join(', ') || 'none'}.`);
    return entry;
  }

  #unused(): string[] {
    return [...this.#byName.values()].filter((entry) => this.#options.matched(entry) === 0).map(({ name }) => name);
  }

  #nextName(): string {
    let name: string;
    do name = `${this.#what}-${++this.#added}`; while (this.#byName.has(name));
    return name;
  }

  #changed(): null {
    this.#newestFirst = [...this.#byName.values()].toReversed();
    return null;
  }

  get #what(): string {
    return this.#options.what;
  }

  #error(status: number, verb: string, why: string): EmulatorError {
    return new EmulatorError(status, `Failed to ${verb}: ${why}`);
  }
}
