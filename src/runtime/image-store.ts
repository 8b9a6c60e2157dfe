/** The images of one node and its pulls, one after another. */
import type { Clock, Timer } from '../clock/clock.ts';
import { canonicalName, parseReference, type ImageCatalogue, type ImageRule } from './images.ts';
import type { RuntimeLatencies } from './profiles.ts';
import type { ImageInfo, ImageUser, PullResult } from './runtime.ts';
import type { ScriptedPull } from './script.ts';

interface Pull {
  readonly reference: string;
  readonly done: (result: PullResult) => void;
  readonly podUid: string | undefined;
  /** What a behaviour makes of it. */
  readonly scripted: ScriptedPull | undefined;
}

export class ImageStore {
  readonly #clock: Clock;
  readonly #catalogue: ImageCatalogue;
  readonly #latencies: RuntimeLatencies;
  readonly #present = new Set<string>();
  readonly #failedOnce = new Set<string>();
  #queue: Pull[] = [];
  #timer: Timer | undefined;

  constructor(clock: Clock, catalogue: ImageCatalogue, latencies: RuntimeLatencies) {
    this.#clock = clock;
    this.#catalogue = catalogue;
    this.#latencies = latencies;
    for (const name of catalogue.onNode()) this.#present.add(canonicalName(name));
  }

  get(reference: string): ImageInfo | undefined {
    const present = this.#present.has(canonicalName(reference)) || this.#catalogue.rule(reference).onNode === true;
    return present ? this.#catalogue.info(reference) : undefined;
  }

  all(): readonly ImageInfo[] {
    return [...this.#present].toSorted().map((name) => this.#catalogue.info(name));
  }

  pull(reference: string, done: (result: PullResult) => void, user?: ImageUser, scripted?: ScriptedPull): void {
    this.#queue.push({ reference, done, podUid: user?.podUid, scripted });
    if (this.#queue.length === 1) this.#next();
  }

  /** Ends the pulls of a Pod that would never end. */
  cancel(podUid: string): void {
    const hangs = (pull: Pull) => pull.podUid === podUid && pull.scripted?.result === 'hang';
    const cancelled = this.#queue.filter(hangs);
    if (cancelled.length === 0) return;
    const [first] = this.#queue;
    this.#queue = this.#queue.filter((pull) => !hangs(pull));
    if (this.#queue[0] !== first) this.#next();
    for (const { done } of cancelled) done({ ok: false, message: 'rpc error: code = Canceled desc = context canceled' });
  }

  /** Forgets what is being pulled. */
  abort(): void {
    if (this.#timer) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#queue = [];
  }

  #next(): void {
    const pull = this.#queue[0];
    if (!pull) return;
    const { scripted } = pull;
    if (scripted?.result === 'hang') return;
    const rule = this.#catalogue.rule(pull.reference);
    const message = scripted ? scripted.message ?? this.#failure(pull.reference, scripted.result) : this.#failure(pull.reference, rule.pull);
    const tookMs = scripted?.tookMs ?? (message === undefined ? rule.pullMs ?? this.#latencies.pullMs : this.#latencies.pullFailureMs);
    this.#timer = this.#clock.after(tookMs, `pull ${pull.reference}`, () => {
      this.#timer = undefined;
      this.#queue.shift();
      if (message === undefined) this.#present.add(canonicalName(pull.reference));
      pull.done(message === undefined ? { ok: true, image: this.#catalogue.info(pull.reference), tookMs } : { ok: false, message });
      if (!this.#timer) this.#next();
    });
  }

  /** The text of containerd 2.2 when a pull fails. The kubelet takes `code = Unknown` away, so that never shows. */
  #failure(reference: string, outcome: ImageRule['pull']): string | undefined {
    const { host, repository, tag } = parseReference(reference);
    const name = canonicalName(reference);
    const prefix = `failed to pull and unpack image "${name}": failed to resolve image: `;
    const url = `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}/v2/${repository}/manifests/${tag.slice(1)}`;
    switch (outcome) {
      case 'flaky':
        if (this.#failedOnce.has(name)) return undefined;
        this.#failedOnce.add(name);
        return `rpc error: code = NotFound desc = ${prefix}${name}: not found`;
      case 'notFound': return `rpc error: code = NotFound desc = ${prefix}${name}: not found`;
      case 'denied': return `${prefix}unexpected status from HEAD request to ${url}: 403 Forbidden`;
      case 'unresolvable': return `${prefix}failed to do request: Head "${url}": dial tcp: lookup ${host} on 10.96.0.10:53: no such host`;
      default: return undefined;
    }
  }
}
