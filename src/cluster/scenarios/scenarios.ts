/** Starts scenarios in a cluster: what they need is put there at once, their steps follow on its clock. */
import type { Outcome, Write } from '../../api/port.ts';
import type { Timer } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';
import { OptionError } from '../../options.ts';
import type { ScenarioList, Scenario, ScenarioStep } from '../../schema/fakelet/scenario.ts';
import type { Cluster } from '../cluster.ts';
import { load } from '../direct-writes.ts';
import { EmulatorError } from '../emulator-error.ts';
import { drawMs } from '../rule-durations.ts';
import { RuleError } from '../rule-error.ts';
import { scenarios } from './catalogue.ts';

export class Scenarios {
  readonly #cluster: Cluster;
  readonly #random: Prng;
  readonly #timers = new Set<Timer>();

  constructor(cluster: Cluster, random: Prng) {
    this.#cluster = cluster;
    this.#random = random;
  }

  static list(): ScenarioList {
    return { items: scenarios.map(({ name, description }) => ({ name, description })) };
  }

  /** Throws EmulatorError when there is none of that name. */
  static find(name: string): Scenario {
    const found = scenarios.find((scenario) => scenario.name === name);
    if (!found) throw new EmulatorError(404, `Failed to find the scenario '${name}': there is none. Known are: ${scenarios.map((scenario) => scenario.name).join(', ')}.`);
    return found;
  }

  /** Throws EmulatorError. */
  start(scenario: Scenario): void {
    try {
      this.#start(scenario);
    } catch (error) {
      if (!(error instanceof OptionError) && !(error instanceof RuleError)) throw error;
      throw new EmulatorError(400, `Failed to start the scenario '${scenario.name}': ${error.message}`);
    }
  }

  #start({ name, nodes = 0, behaviors = [], faults = [], objects = [], steps = [] }: Scenario): void {
    const cluster = this.#cluster;
    const missing = nodes - cluster.nodes.count;
    if (missing > 0) cluster.nodes.add({ count: missing });
    behaviors.forEach((rule, i) => cluster.behaviors.replace(rule.name ?? `${name}-${i + 1}`, rule));
    faults.forEach((rule, i) => cluster.faults.replace(rule.name ?? `${name}-${i + 1}`, rule));
    for (const { count, object } of objects) {
      for (const numbered of count === undefined ? [object] : copies(object, count)) load(cluster.api, numbered);
    }
    for (const [i, step] of steps.entries()) this.#follow(name, step, `steps.${i}`);
  }

  close(): void {
    for (const timer of this.#timers) this.#cluster.clock.cancel(timer);
    this.#timers.clear();
  }

  #follow(name: string, step: ScenarioStep, path: string): void {
    for (const target of [step.patch, step.delete]) {
      if (target && !this.#cluster.api.services.registry.byName(target.resource)) throw new RuleError(path, `no resource '${target.resource}' is served.`);
    }
    let turn = 0;
    const everyMs = step.every === undefined ? undefined : drawMs(step.every, `${path}.every`, this.#random);
    if (everyMs !== undefined && everyMs < 1) throw new RuleError(`${path}.every`, 'it must be at least 1ms');
    const run = (): void => {
      turn++;
      if (everyMs !== undefined) this.#after(everyMs, name, run);
      this.#do(name, step, turn);
    };
    this.#after(drawMs(step.at, `${path}.at`, this.#random), name, run);
  }

  #do(name: string, { node, patch, delete: gone }: ScenarioStep, turn: number): void {
    if (node) this.#cluster.nodes.command(node.name, node.do);
    if (patch) {
      const { merge, ...target } = patch;
      this.#submit(name, { verb: 'patch', ...target, patchType: 'merge', patch: JSON.parse(JSON.stringify(merge).replaceAll('{n}', String(turn))) as unknown });
    }
    if (gone) this.#submit(name, { verb: 'delete', ...gone });
  }

  /** A user may have taken away what a step is about; that is told, and the scenario goes on. */
  #submit(name: string, write: Write): void {
    const { api, clock, journal } = this.#cluster;
    api.ports.as('fakelet').submit(write, (outcome: Outcome) => {
      if (!outcome.ok) journal.add({ at: clock.now(), kind: 'emulator', text: `scenario ${name}: ${outcome.status.message}` });
    });
  }

  #after(delayMs: number, name: string, run: () => void): void {
    const timer = this.#cluster.clock.after(delayMs, `step of scenario ${name}`, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
  }
}

/** `web` → `web-1`, `web-2` … */
function copies(object: unknown, count: number): unknown[] {
  const { metadata, ...rest } = (object ?? {}) as { metadata?: { name?: string } };
  if (!metadata?.name) throw new OptionError('an object that is counted has no metadata.name.');
  return Array.from({ length: count }, (_, i) => ({ ...rest, metadata: { ...metadata, name: `${metadata.name}-${i + 1}` } }));
}
