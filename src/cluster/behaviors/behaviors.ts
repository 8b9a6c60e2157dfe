/**
 * The behaviours of a cluster: rules that users add, and the annotation of a Pod where no rule matches. A behaviour is
 * chosen when a container is created and holds for that instance; later changes count from its next start on.
 */
import { Prng } from '../../lib/prng.ts';
import type { ContainerScript, ScriptedPull, ScriptSource, ScriptTarget } from '../../runtime/script.ts';
import { Behavior, type BehaviorState } from '../../schema/fakelet/behavior.ts';
import { checkerOf } from '../../schema/fakelet/check.ts';
import { RuleBook } from '../rule-book.ts';
import { RuleError } from '../rule-error.ts';
import { annotatedScript, behaviorAnnotation } from './annotation.ts';
import { ScriptCompiler } from './compile.ts';
import { ruleFor } from './matching.ts';

interface BehaviorEntry {
  readonly name: string;
  readonly rule: Behavior;
  /** `POD UID/CONTAINER` of those it decided about lately. */
  readonly containers: Set<string>;
  /** How many it decided about before. */
  earlier: number;
}

export class Behaviors extends RuleBook<Behavior, BehaviorEntry, BehaviorState> implements ScriptSource {
  #random: Prng;

  constructor(random: Prng) {
    super({
      what: 'behavior',
      check: checkerOf(Behavior),
      compile: (name, rule) => {
        tryOut(rule);
        return { name, rule, containers: new Set(), earlier: 0 };
      },
      state: (entry) => ({ ...entry.rule, name: entry.name, matched: matchedBy(entry) }),
      matched: matchedBy,
    });
    this.#random = random;
  }

  /** Forgets all rules; durations are drawn from `random` from here on. */
  reset(random: Prng): void {
    this.clear();
    this.#random = random;
  }

  mayHave(annotations: Readonly<Record<string, string>>): boolean {
    return this.newestFirst.length > 0 || Object.hasOwn(annotations, behaviorAnnotation);
  }

  scriptFor(target: ScriptTarget, attempt: number): ContainerScript | undefined {
    return this.#compiled(target, (compiler) => compiler.instance(attempt), (startError) => ({ ...nothing, startError }));
  }

  pullsFor(target: ScriptTarget): readonly ScriptedPull[] | undefined {
    return this.#compiled(target, (compiler) => compiler.pulls(), () => undefined);
  }

  /** A rule was checked when it came; an annotation can be wrong, which its container then says. */
  #compiled<T>(target: ScriptTarget, use: (compiler: ScriptCompiler) => T, refused: (why: string) => T): T | undefined {
    const entry = ruleFor(this.newestFirst, target);
    if (entry) {
      remember(entry, `${target.podUid}/${target.container}`);
      return use(new ScriptCompiler(entry.rule.script, this.#random));
    }
    const text = target.annotations[behaviorAnnotation];
    if (text === undefined) return undefined;
    try {
      const script = annotatedScript(text, target.container);
      return script && use(new ScriptCompiler(script, this.#random));
    } catch (error) {
      if (error instanceof RuleError) return refused(`Failed to read the annotation: ${error.message}. See docs/behaviors.md.`);
      throw error;
    }
  }
}

const matchedBy = ({ containers, earlier }: BehaviorEntry): number => earlier + containers.size;

/** Containers that are told apart when they are counted; bounds memory where Pods come and go. */
const containersMax = 100_000;

function remember(entry: BehaviorEntry, container: string): void {
  if (entry.containers.size >= containersMax && !entry.containers.has(container)) {
    entry.earlier += entry.containers.size;
    entry.containers.clear();
  }
  entry.containers.add(container);
}

const nothing: ContainerScript = {
  startDelayMs: 0, startError: undefined, program: undefined, answers: new Map(), execs: [], listeners: undefined, log: [], usage: undefined,
};

/** Finds what no schema can state before any container needs the rule. */
function tryOut({ script }: Behavior): void {
  const compiler = new ScriptCompiler(script, new Prng(0));
  try {
    compiler.pulls();
    compiler.instance(0);
  } catch (error) {
    if (error instanceof RuleError) throw error.within('script');
    throw error;
  }
}
