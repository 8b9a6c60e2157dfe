import { expect, test } from 'vitest';
import { updateManagedFields } from '../../../src/api/apply/ownership.ts';
import { parentEntries, scaleEntries } from '../../../src/api/apply/scale-owners.ts';
import { objectTypeOf } from '../../../src/api/apply/type-model.ts';
import { Scale } from '../../../src/schema/autoscaling/v1.ts';
import { structType } from '../../../src/schema/struct-type.ts';

const paths = { 'apps/v1': '.spec.replicas' };
const entry = { operation: 'Update', apiVersion: 'apps/v1', time: '2026-01-01T00:00:00Z', fieldsType: 'FieldsV1' };
const creator = { manager: 'creator', ...entry, fieldsV1: { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } } };
const other = { manager: 'other', ...entry, fieldsV1: { 'f:metadata': { 'f:labels': {} } } };

test('the scale shows who owns the replicas', () => {
  expect(scaleEntries([creator, other], paths)).toEqual([
    { manager: 'creator', ...entry, apiVersion: 'autoscaling/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
  ]);
});

test('a write to the scale takes the replicas of the parent over, without a time', () => {
  const live = { metadata: { name: 'd', uid: 'u', managedFields: scaleEntries([creator, other], paths)! }, spec: { replicas: 1 }, status: { replicas: 1 } };
  const written = updateManagedFields({
    type: objectTypeOf(structType(Scale)), apiVersion: 'autoscaling/v1', subresource: 'scale', now: 0, live, next: { ...live, spec: { replicas: 2 } }, manager: 'scaler',
  });
  expect(parentEntries([creator, other], written, paths, 'apps/v1')).toEqual([
    { manager: 'scaler', operation: 'Update', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } }, subresource: 'scale' },
    { ...creator, fieldsV1: { 'f:spec': { 'f:paused': {} } } },
    other,
  ]);
});

test('entries of versions that the parent is not served in are dropped', () => {
  expect(parentEntries([{ ...other, apiVersion: 'apps/v0' }], undefined, paths, 'apps/v1')).toBe(undefined);
});
