/** Random values for JSON schemas, most of them valid, some odd: what a client may send. */
import type { Prng } from '../../src/lib/prng.ts';

export type Schema = {
  $ref?: string; type?: string; enum?: unknown[]; anyOf?: Schema[]; oneOf?: Schema[]; allOf?: Schema[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema;
  additionalProperties?: boolean | Schema; minimum?: number; maximum?: number; nullable?: boolean; format?: string;
};

const words = [
  'default', 'web', 'app', 'node-1', '1s', '10m', '250ms', 'never', '0', 'condition=Ready', 'phase=Running', 'jsonpath={.status.phase}=Running', 'delete', 'TERM', '10Mi', '1',
  '2026-01-01T01:00:00Z', 'pods', 'deployments.apps', 'crash-loop', 'x', '*', 'metadata.name', 'Running',
];
const odd: unknown[] = ['', ' ', '\u0000', 'é😀', '../../etc/passwd', 'a'.repeat(5000), '%', '{', '-1s', '1e400', '99999999999999999999h', null, -1, 0, 1.5, 1e308, true, [], {}, [[]], { __proto__: 1 }, '__proto__', 'constructor'];

export class RandomValue {
  readonly #random: Prng;
  readonly #components: Record<string, Schema>;

  constructor(random: Prng, components: Record<string, Schema>) {
    this.#random = random;
    this.#components = components;
  }

  of(schema: Schema, depth = 0): unknown {
    if (this.#random.fraction() < 0.08) return this.#pick(odd);
    if (schema.$ref) return this.of(this.#components[schema.$ref.replace('#/components/schemas/', '')] ?? {}, depth);
    if (schema.enum) return this.#pick(schema.enum);
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return this.of(this.#pick(options), depth);
    if (schema.allOf) return this.of(schema.allOf[0]!, depth);
    switch (schema.type) {
      case 'string': return this.#pick(words);
      case 'integer': return this.#integer(schema);
      case 'number': return this.#integer(schema) / 2;
      case 'boolean': return this.#random.fraction() < 0.5;
      case 'array': return depth > 6 ? [] : Array.from({ length: this.#random.below(3) }, () => this.of(schema.items ?? {}, depth + 1));
      case 'object': return this.#object(schema, depth);
      default: return this.#pick([null, {}, 'x', 1, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'x' }] } }]);
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema, depth: number): Record<string, unknown> {
    const chosen = Object.entries(properties).filter(([name]) => required.includes(name) || (depth < 5 && this.#random.fraction() < 0.4));
    const value = Object.fromEntries(chosen.map(([name, schema]) => [name, this.of(schema, depth + 1)]));
    if (typeof additionalProperties === 'object') value[this.#pick(words)] = this.of(additionalProperties, depth + 1);
    if (this.#random.fraction() < 0.03) value['unknown'] = 1;
    return value;
  }

  #integer({ minimum = 0, maximum = 20 }: Schema): number {
    return minimum + this.#random.below(Math.min(maximum, minimum + 20) - minimum + 1);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)]!;
  }
}
