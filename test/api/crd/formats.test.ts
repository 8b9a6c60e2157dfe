import { expect, test } from 'vitest';
import { fitsFormat } from '../../../src/api/crd/formats.ts';

/** As kube-openapi's strfmt answers. */
test.each([
  ['date', '2020-02-29', true], ['date', '2021-02-29', false], ['date', '2021-2-3', false], ['date', '', false],
  ['date-time', '2021-01-01T00:00:00.5Z', true], ['date-time', '2021-01-01t00:00:00+99:99', true], ['date-time', '2021-01-01 00:00:00Z', false],
  ['date-time', '2021-01-01T23:59:60Z', false], ['date-time', '2021-01-01T24:00:00Z', false], ['date-time', '2021-01-01T00:00:00', false],
  ['byte', '', false], ['byte', 'aGVs', true], ['byte', 'aGVsbG8', false], ['byte', '====', false],
  ['uuid', '123E4567e89b12d3a456426614174000', true], ['uuid4', '123e4567-e89b-42d3-a456-426614174000', true], ['uuid4', '123e4567-e89b-42d3-1456-426614174000', false],
  ['uuid5', '123e4567-e89b-52d3-c456-426614174000', false], ['uuid3', '123e4567-e89b-32d3-1456-426614174000', true],
])('%s of %j: %j', (format, text, fits) => {
  expect(fitsFormat(format, text)).toBe(fits);
});
