/** What operators have inside, in miniature: an informer, retries, a leader election. */
import type { Answer, Body, Story, Watched } from './story.ts';

/** client-go's reflector: lists, watches from there, comes back when it is cut off, lists again when it is too late. */
export class Informer {
  readonly #story: Story;
  readonly #path: string;
  readonly cache = new Map<string, Body>();
  /** Events that told something new. */
  readonly seen: string[] = [];
  lists = 0;
  #watch: Watched | undefined;
  #read = 0;
  #revision = '';

  constructor(story: Story, path: string) {
    this.#story = story;
    this.#path = path;
    this.#list();
  }

  /** Takes in what has come, and reconnects where needed. */
  sync(): void {
    this.#take();
    if (!this.#watch || this.#watch.ended || this.#watch.broken) {
      this.#watch = this.#story.watch(`${this.#path}?resourceVersion=${this.#revision}`);
      this.#read = 0;
      this.#take();
    }
  }

  #list(): void {
    const list = this.#story.get(this.#path);
    this.lists++;
    this.cache.clear();
    for (const item of list.items) this.cache.set(item.metadata.name, item);
    this.#revision = list.metadata.resourceVersion;
    this.#watch = undefined;
  }

  #take(): void {
    for (const { type, object } of this.#watch?.events.slice(this.#read) ?? []) {
      this.#read++;
      if (type === 'ERROR') {
        this.#list();
        return this.sync();
      }
      const { name, resourceVersion } = object.metadata;
      if (Number(resourceVersion) <= Number(this.cache.get(name)?.metadata.resourceVersion ?? 0)) continue;
      this.#revision = String(Math.max(Number(this.#revision), Number(resourceVersion)));
      this.seen.push(`${type} ${name}`);
      if (type === 'DELETED') this.cache.delete(name);
      else this.cache.set(name, object);
    }
  }
}

/** client-go's RetryOnConflict: reads, changes and writes, at most `tries` times. */
export function updateWithRetry(story: Story, path: string, change: (object: Body) => void, tries = 5): Answer & { tries: number } {
  for (let i = 1; ; i++) {
    const object = story.get(path);
    change(object);
    const answer = story.ask('PUT', path, object);
    if (answer.status !== 409 || i === tries) return { ...answer, tries: i };
    story.run(0.01 * 2 ** i);
  }
}

/** Sends until the server takes it, waiting as it is told. */
export function patiently(story: Story, send: () => Answer, tries = 10): Answer & { tries: number } {
  for (let i = 1; ; i++) {
    const answer = send();
    if ((answer.status < 500 && answer.status !== 429) || i === tries) return { ...answer, tries: i };
    story.run(Number(answer.headers['retry-after'] ?? 1));
  }
}

const leasePath = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const leaseSeconds = 15;

/** client-go's leader election: takes a free or expired lease, renews its own, gives up after ten seconds without success. */
export class Candidate {
  readonly #story: Story;
  readonly #name: string;
  leads = false;
  #renewedAt = 0;
  #sent: { answer?: Answer } | undefined;

  constructor(story: Story, name: string) {
    this.#story = story;
    this.#name = name;
  }

  /** One turn, as there is one every two seconds. */
  turn(): void {
    const now = this.#story.cluster.clock.now();
    this.#settle(now);
    if (this.leads && now - this.#renewedAt > 10_000) this.leads = false;
    if (this.#sent) return;
    const headers = { 'user-agent': this.#name };
    const { status, body } = this.#story.ask('GET', `${leasePath}/leader`, undefined, { headers });
    const spec = { holderIdentity: this.#name, leaseDurationSeconds: leaseSeconds, renewTime: new Date(now).toISOString().replace('Z', '000Z') };
    if (status === 404) {
      this.#sent = this.#story.send('POST', leasePath, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'leader' }, spec }, { headers });
    } else if (status === 200) {
      const held = body.spec as { holderIdentity: string; renewTime: string };
      const isFree = held.holderIdentity === this.#name || now - Date.parse(held.renewTime) > leaseSeconds * 1000;
      if (isFree) this.#sent = this.#story.send('PUT', `${leasePath}/leader`, { ...body, spec }, { headers });
    }
    this.#settle(now);
  }

  #settle(now: number): void {
    const answer = this.#sent?.answer;
    if (!answer) return;
    this.#sent = undefined;
    if (answer.status >= 300) return;
    this.leads = true;
    this.#renewedAt = now;
  }
}
