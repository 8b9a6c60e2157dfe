/** A cluster is a function of its seed and its inputs. */
import { expect, test } from 'vitest';
import { Story } from '../stories/story.ts';
import { difference, journalBytes, operate } from './random-operations.ts';

test('two runs of 1,000 random operations with one seed give the same journal, byte for byte', () => {
  using first = new Story({ nodes: 2 });
  using second = new Story({ nodes: 2 });
  operate(first, 7, 0, 1000);
  operate(second, 7, 0, 1000);
  const journal = journalBytes(first);
  expect(journal.split('\n').length).toBeGreaterThan(1500);
  expect(difference(journalBytes(second), journal)).toBeUndefined();
});

test('another seed gives another journal', () => {
  using first = new Story({ seed: 1 });
  using second = new Story({ seed: 2 });
  operate(first, 7, 0, 50);
  operate(second, 7, 0, 50);
  expect(journalBytes(second) === journalBytes(first)).toBe(false);
});

test('a restored snapshot goes on as the original did, byte for byte', () => {
  using story = new Story({ nodes: 2 });
  operate(story, 3, 0, 150);
  const { sequence } = story.controls.snapshots.take({ name: 'middle' });
  operate(story, 3, 150, 250);
  const went = journalBytes(story, sequence);
  story.controls.snapshots.restore('middle');
  operate(story, 3, 150, 250);
  expect(difference(journalBytes(story, sequence), went)).toBeUndefined();
});

test('a snapshot goes through a file into another cluster', () => {
  using story = new Story({ nodes: 2, seed: 5 });
  operate(story, 3, 0, 150);
  const { sequence } = story.controls.snapshots.take({ name: 'middle' });
  const file = JSON.parse(JSON.stringify(story.controls.snapshots.file('middle')));
  operate(story, 3, 150, 250);
  using other = new Story({ nodes: 1 });
  other.controls.snapshots.put('theirs', file);
  other.controls.snapshots.restore('theirs');
  operate(other, 3, 150, 250);
  expect(difference(journalBytes(other, sequence), journalBytes(story, sequence))).toBeUndefined();
});

test('reads change nothing that follows', () => {
  using quiet = new Story();
  using read = new Story();
  operate(quiet, 9, 0, 60);
  for (let i = 0; i < 60; i++) {
    operate(read, 9, i, i + 1);
    read.get('/api/v1/pods');
    read.watch('/api/v1/pods');
  }
  const names = (story: Story) => story.get('/api/v1/pods').items.map(({ metadata }) => metadata);
  expect(names(read)).toEqual(names(quiet));
});

test('a reset brings back the start, its time included', () => {
  using story = new Story();
  operate(story, 4, 0, 40);
  const first = journalBytes(story);
  story.controls.reset();
  operate(story, 4, 0, 40);
  expect(difference(journalBytes(story), first)).toBeUndefined();
});
