import { describe, expect, it } from 'vitest';
import { ImageReferenceError, imageTag, parseImageReference, runtimeImageName, withDefaultTag } from '../../../src/schema/values/image-reference.ts';

const sha256 = `sha256:${'a'.repeat(64)}`;

describe('images', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    ['busybox:1.36', 'docker.io/library/busybox:1.36'],
    ['team/app', 'docker.io/team/app:latest'],
    ['index.docker.io/app:1', 'docker.io/library/app:1'],
    ['localhost/app', 'localhost/app:latest'],
    ['registry:5000/app', 'registry:5000/app:latest'],
    ['[::1]:5000/app:2', '[::1]:5000/app:2'],
    ['quay.io/a/b:v1', 'quay.io/a/b:v1'],
    [`app:1@${sha256}`, `docker.io/library/app@${sha256}`],
  ])('%s is %s to containerd', (image, name) => {
    expect(runtimeImageName(image)).toBe(name);
  });

  it('have a tag, latest by default, but none beside a lone digest', () => {
    expect(['app', 'app:1', 'registry:5000/app', `app@${sha256}`, `app:2@${sha256}`].map(imageTag)).toEqual(['latest', '1', 'latest', '', '2']);
  });

  it('that make no sense have no tag', () => {
    expect(['', 'A', 'a b', 'app:'].map(imageTag)).toEqual(['', '', '', '']);
  });

  it('get the default tag as text, so that short names stay short', () => {
    expect(['app', 'app:1', 'latest:latest', `app@${sha256}`].map(withDefaultTag)).toEqual(['app:latest', 'app:1', 'latest:latest', `app@${sha256}`]);
  });

  it.each([
    ['UPPER/Case:1', 'invalid reference format: repository name (Case) must be lowercase'],
    ['a b', 'invalid reference format'],
    ['', 'invalid reference format'],
    ['a'.repeat(64), `invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`],
    [`app@sha256:${'a'.repeat(32)}`, 'invalid checksum digest length'],
    [`app@sha256:${'A'.repeat(64)}`, 'invalid checksum digest format'],
    [`app@md5:${'a'.repeat(32)}`, 'unsupported digest algorithm'],
    [`x/${'a'.repeat(260)}`, 'repository name must not be more than 255 characters'],
  ])('%s are refused in the words of the kubelet', (image, why) => {
    expect(() => parseImageReference(image)).toThrow(new ImageReferenceError(`couldn't parse image name "${image}": ${why}`));
  });
});
