import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nextMoment, TimeZone, zonedTime } from '../../src/controllers/cron-job/schedule-times.ts';
import { parseSchedule } from '../../src/schema/values/cron-schedule.ts';
import { formatTime } from '../../src/schema/values/time.ts';

interface Case { readonly schedule: string; readonly zone?: string; readonly after: string; readonly next: readonly string[] }

const cases = JSON.parse(readFileSync(new URL('../golden/schedules/next.json', import.meta.url), 'utf8')) as Case[];

test('schedules have the moments that Kubernetes gives them, in every time zone', () => {
  const moments = ({ schedule, zone, after, next }: Case): string[] => {
    const [parsed, timeZone] = [parseSchedule(schedule), new TimeZone(zone)];
    let at: number | undefined = Date.parse(after);
    const found: string[] = [];
    while (found.length < Math.max(1, next.length) && at !== undefined) {
      at = nextMoment(parsed, timeZone, at);
      if (at !== undefined) found.push(formatTime(at));
    }
    return found;
  };
  expect(cases.length).toBeGreaterThan(400);
  const wrong = cases.map((one) => ({ ...one, next: moments(one) })).filter((one, i) => one.next.join() !== cases[i]!.next.join());
  expect(wrong).toEqual([]);
});

test('times are printed as the zone shows them', () => {
  const at = Date.parse('2026-01-01T00:30:00Z');
  expect([undefined, 'Etc/UTC', 'Asia/Kathmandu', 'America/New_York'].map((zone) => zonedTime(at, zone))).toEqual([
    '2026-01-01T00:30:00Z', '2026-01-01T00:30:00Z', '2026-01-01T06:15:00+05:45', '2025-12-31T19:30:00-05:00',
  ]);
});
