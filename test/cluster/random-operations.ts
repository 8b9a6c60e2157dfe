/** Random operations on a cluster, of every kind that a user has: requests, controls, clock moves, reads. */
import { Prng } from '../../src/lib/prng.ts';
import type { Story } from '../stories/story.ts';
import { ns, podObject, pods } from '../stories/story.ts';

type Operation = (story: Story, random: Prng) => void;

const name = (random: Prng) => `web-${random.below(8)}`;
const commands = ['exit 1', 'sleep 3; exit 0', 'sleep 1000', 'trap "exit 0" TERM; while true; do sleep 9; echo tick; done'];

const operations: readonly Operation[] = [
  (story, random) => void story.ask('POST', pods, podObject(name(random), {
    metadata: { labels: { app: 'web' } }, container: { image: 'busybox:1.36', command: ['sh', '-c', commands[random.below(commands.length)]] },
  })),
  (story, random) => void story.ask('DELETE', `${pods}/${name(random)}`, random.below(2) === 0 ? undefined : { gracePeriodSeconds: random.below(40) }),
  (story, random) => void story.patch(`${pods}/${name(random)}`, { metadata: { labels: { round: String(random.below(100)) } } }),
  (story, random) => void story.ask('POST', `${pods}/${name(random)}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: {} }),
  (story, random) => void story.ask('GET', `${pods}?labelSelector=app=web&limit=${1 + random.below(3)}`),
  (story, random) => void story.ask('POST', `${ns}/configmaps`, { metadata: { generateName: `g${random.below(3)}-` } }),
  (story, random) => story.run(random.below(500) / 1000),
  (story, random) => story.run(random.below(3_000) / 1000),
  tolerant((story, random) => void story.controls.exitContainer('default', name(random), 'app', { code: random.below(3) })),
  tolerant((story, random) => void story.controls.killSandbox('default', name(random))),
  tolerant((story, random) => void story.controls.behaviors.add({ selector: { pod: name(random) }, script: { exits: [{ code: 7, after: { min: '1s', max: '9s' } }] } })),
  tolerant((story, random) => void story.controls.node('node-1', (['stop', 'start', 'reboot'] as const)[random.below(3)]!)),
];

function tolerant(operation: Operation): Operation {
  return (story, random) => {
    try {
      operation(story, random);
    } catch (error) {
      if (!String((error as Error).message).startsWith('Failed to ')) throw error;
    }
  };
}

/** Runs operations `from` to `to`; each depends on its number alone. */
export function operate(story: Story, seed: number, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const random = new Prng(seed).stream(`operation ${i}`);
    operations[random.below(operations.length)]!(story, random);
  }
}

/** The journal as bytes: every write with its whole object, every request with its outcome. */
export function journalBytes({ cluster: { journal } }: Story, since = 0): string {
  return journal.entries(since).map((entry) => {
    if (entry.kind !== 'write') return `${JSON.stringify(entry)}\n`;
    const { sequence, at, event: { type, stored: { key, value, revision } } } = entry;
    return `${JSON.stringify({ sequence, at, type, key, revision, value })}\n`;
  }).join('');
}

/** The first line that differs, or undefined: whole journals are too long to show. */
export function difference(actual: string, expected: string): { actual: string | undefined; expected: string | undefined } | undefined {
  const [some, others] = [actual.split('\n'), expected.split('\n')];
  const at = some.findIndex((line, i) => line !== others[i]);
  return at < 0 && some.length === others.length ? undefined : { actual: some[at], expected: others[at] };
}
