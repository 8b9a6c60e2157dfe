import fs from 'node:fs';
import { expect, test } from 'vitest';
import { decodeObject } from '../../src/api/codec/codec.ts';
import { templateHash } from '../../src/controllers/template-hash.ts';
import { PodTemplateSpec } from '../../src/schema/core/v1.ts';
import { structType } from '../../src/schema/struct-type.ts';

interface Recorded { readonly template: object; readonly hash: string; readonly hashAfterCollision: string }

const recorded = JSON.parse(fs.readFileSync(new URL('../golden/hashes/pod-templates.json', import.meta.url), 'utf8')) as Recorded[];

test('templates are told apart by the letters that upstream has for them', () => {
  const wrong = recorded.filter(({ template, hash, hashAfterCollision }) => {
    const stored = decodeObject(structType(PodTemplateSpec), template, false).object as PodTemplateSpec;
    return templateHash(stored, undefined) !== hash || templateHash(stored, 1) !== hashAfterCollision;
  });
  expect(recorded.length).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
});
