import { describe, expect, it } from 'vitest';
import { JsonPathError, parseJsonPath } from '../../src/lib/json-path.ts';

const pod = {
  metadata: { labels: { 'app.kubernetes.io/name': 'web' } },
  spec: { containers: [{ name: 'a', ports: [80, 81] }, { name: 'b', ports: [90] }] },
  status: { conditions: [{ type: 'Ready', status: 'True', n: 2 }, { type: 'Other', status: 'False', n: 1 }] },
};

describe('JSONPath', () => {
  it.each([
    ['.spec.containers[0].name', ['a']],
    ['{.spec.containers[*].name}', ['a', 'b']],
    ['$.spec.containers[-1].name', ['b']],
    ['.spec.containers[0,1].name', ['a', 'b']],
    ['.spec.containers[0].ports[1:]', [81]],
    ['.spec.containers[0].ports[:1]', [80]],
    ['.spec.containers[*].ports[*]', [80, 81, 90]],
    ['..name', ['a', 'b']],
    [".metadata.labels['app.kubernetes.io/name']", ['web']],
    ['.metadata.labels.app\\.kubernetes\\.io/name', ['web']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type!='Ready')].status", ['False']],
    ['.status.conditions[?(@.n>=2)].type', ['Ready']],
    ['.status.conditions[?(@.missing)].type', []],
    ['.status.missing.deeper', []],
    ['.spec.containers.name', []],
    ['.status.conditions[9].type', []],
    ['.__proto__', []],
  ])('%s finds %j', (path, found) => {
    expect(parseJsonPath(path)(pod)).toEqual(found);
  });

  it('finds the whole value by a lone dot', () => {
    expect(parseJsonPath('.')(7)).toEqual([7]);
  });

  it.each(['.a[', '.a[b]', '.a b', '.a[?(@.x==)]'])('refuses %s', (path) => {
    expect(() => parseJsonPath(path)).toThrow(JsonPathError);
  });
});
