/**
 * The pulls of a node that behaviours decide: how many each container has had, and whose image they brought. Where a
 * behaviour names pulls, an image that is on the node anyway counts as missing until such a pull has worked.
 */
import type { ImageUser } from './runtime.ts';
import type { ScriptedPull, ScriptSource } from './script.ts';

interface Pulls {
  readonly podUid: string;
  attempts: number;
  pulled: boolean;
}

export class ScriptedPulls {
  readonly #source: ScriptSource;
  readonly #pulls = new Map<string, Pulls>();

  constructor(source: ScriptSource) {
    this.#source = source;
  }

  /** Must the image be pulled because a behaviour says what happens then? */
  hides(image: string, user: ImageUser | undefined): boolean {
    if (!user || !this.#source.mayHave(user.annotations)) return false;
    if (this.#pulls.get(keyOf(image, user))?.pulled) return false;
    return this.#source.pullsFor({ ...user, image }) !== undefined;
  }

  /** What the next pull does; undefined: what the registry says. */
  next(image: string, user: ImageUser | undefined): ScriptedPull | undefined {
    if (!user || !this.#source.mayHave(user.annotations)) return undefined;
    const key = keyOf(image, user);
    const pulls = this.#pulls.get(key) ?? { podUid: user.podUid, attempts: 0, pulled: false };
    const all = this.#source.pullsFor({ ...user, image });
    if (!all) return undefined;
    const scripted = all[Math.min(pulls.attempts++, all.length - 1)];
    pulls.pulled = scripted?.result === 'ok';
    this.#pulls.set(key, pulls);
    return scripted;
  }

  /** The Pod is gone. */
  forget(podUid: string): void {
    for (const [key, pulls] of this.#pulls) if (pulls.podUid === podUid) this.#pulls.delete(key);
  }
}

const keyOf = (image: string, { podUid, container }: ImageUser): string => `${podUid}/${container}/${image}`;
