/**
 * The live object with the applied one laid over it (structured-merge-diff typed/merge.go). List items are joined by their
 * path element, in the applied order where both have them. Parts that only one side has are shared with it.
 */
import { setMember } from '../../lib/json.ts';
import type { ListModel, MapModel, TypeModel } from './type-model.ts';
import { asList, asMap, elementAt, isWholeMap, kindOf, memberModel } from './typed-value.ts';

/** The merged value; undefined when nothing is left. `undefined` stands for a side that is absent. */
export function mergeValues(model: TypeModel, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  switch (kindOf(model, applied)) {
    case 'map': return mergeMaps(model.map!, live, applied);
    case 'list': return mergeLists(model.list!, live, applied);
    case 'scalar': return applied;
  }
}

function mergeMaps(model: MapModel, live: unknown, applied: unknown): unknown {
  const l = asMap(live);
  const r = asMap(applied);
  if (isWholeMap(model, l, r)) return applied;
  const result: Record<string, unknown> = {};
  const set = (name: string): void => {
    const type = memberModel(model, name);
    const before = l !== undefined && Object.hasOwn(l, name) ? l[name] : undefined;
    const now = r !== undefined && Object.hasOwn(r, name) ? r[name] : undefined;
    const merged = type === undefined ? now ?? before : mergeValues(type, before, now);
    if (merged !== undefined) setMember(result, name, merged);
  };
  for (const name in l) set(name);
  for (const name in r) if (l === undefined || !Object.hasOwn(l, name)) set(name);
  return Object.keys(result).length > 0 ? result : undefined;
}

function mergeLists(model: ListModel, live: unknown, applied: unknown): unknown {
  const l = asList(live);
  const r = asList(applied);
  if (model.kind === 'atomic' || ((l?.length ?? 0) === 0 && (r?.length ?? 0) === 0)) return applied;
  const result = new ListMerge(model, l ?? [], r ?? []).run();
  return result.length > 0 ? result : undefined;
}

/** Walks both lists at once, so that live items keep their place next to their neighbours. */
class ListMerge {
  readonly #model: ListModel;
  readonly #live: readonly unknown[];
  readonly #liveElements: readonly string[];
  readonly #appliedElements: readonly string[];
  readonly #liveItems = new Map<string, unknown>();
  readonly #appliedItems = new Map<string, unknown>();
  readonly #shared: string[];
  readonly #out: unknown[] = [];

  constructor(model: ListModel, live: readonly unknown[], applied: readonly unknown[]) {
    this.#model = model;
    this.#live = live;
    this.#liveElements = live.map((item, i) => elementAt(model, item, i));
    this.#appliedElements = applied.map((item, i) => elementAt(model, item, i));
    this.#liveElements.forEach((element, i) => {
      // An element that occurs twice is replaced whole.
      this.#liveItems.set(element, this.#liveItems.has(element) ? null : live[i]);
    });
    this.#appliedElements.forEach((element, i) => this.#appliedItems.set(element, applied[i]));
    this.#shared = this.#appliedElements.filter((element) => this.#liveItems.has(element));
  }

  run(): unknown[] {
    const lefts = this.#liveElements;
    const rights = this.#appliedElements;
    const done = new Set<string>();
    let nextShared = this.#shared.shift();
    let l = 0;
    let r = 0;
    while (l < lefts.length || r < rights.length) {
      const left = lefts[l];
      const right = rights[r];
      if (left !== undefined && right !== undefined) {
        if (left === right) {
          done.add(left);
          this.#push(this.#liveItems.get(left), this.#appliedItems.get(left));
          l++;
          r++;
          nextShared = this.#shared.shift();
          continue;
        }
        if (this.#appliedItems.has(left) && nextShared !== undefined && nextShared !== left) {
          l++;
          continue;
        }
      }
      if (left !== undefined) {
        if (!this.#appliedItems.has(left)) {
          this.#push(this.#live[l], undefined);
          l++;
          continue;
        }
        if (done.has(left)) l++;
      }
      if (right !== undefined) {
        done.add(right);
        this.#push(this.#liveItems.get(right), this.#appliedItems.get(right));
        r++;
        if (nextShared === right) nextShared = this.#shared.shift();
      }
    }
    return this.#out;
  }

  #push(live: unknown, applied: unknown): void {
    const merged = mergeValues(this.#model.items, live, applied);
    if (merged !== undefined) this.#out.push(merged);
  }
}
