import { expect, test } from 'vitest';
import { imageNameError } from '../../../src/controllers/kubelet/image-name.ts';

test.each([
  'busybox', 'busybox:1.36', 'library/busybox', 'registry.test/a/b:tag', 'localhost:5000/x@sha256:'.padEnd(88, 'a'), 'UPPER.example/case:1',
])('%s is an image name', (name) => {
  expect(imageNameError(name)).toBeUndefined();
});

test.each([
  ['UPPER/Case:1', `couldn't parse image name "UPPER/Case:1": invalid reference format: repository name (Case) must be lowercase`],
  ['a b', `couldn't parse image name "a b": invalid reference format`],
  ['busybox:', `couldn't parse image name "busybox:": invalid reference format`],
])('%s is none', (name, error) => {
  expect(imageNameError(name)).toBe(error);
});
