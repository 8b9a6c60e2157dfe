import { expect, test } from 'vitest';
import { scheduleError } from '../../../src/schema/values/cron-schedule.ts';

test('schedules, descriptors, names, ranges and steps are accepted', () => {
  for (const schedule of ['* * * * *', '0 0 1 1 *', '*/5 1-3,7 ? jan-mar MON', '@hourly', '@every 1h30m', 'TZ=UTC 0 0 * * *']) {
    expect([schedule, scheduleError(schedule)]).toEqual([schedule, undefined]);
  }
});

test('what is wrong with a schedule is told in the words of the parser', () => {
  const cases: readonly (readonly [schedule: string, error: string])[] = [
    ['/tmp', 'expected exactly 5 fields, found 1: [/tmp]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['a * * * *', 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ['@often', 'unrecognized descriptor: @often'],
    ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
  ];
  for (const [schedule, error] of cases) expect([schedule, scheduleError(schedule)]).toEqual([schedule, error]);
});
