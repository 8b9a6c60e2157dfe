/**
 * Random requests made from the schema: objects that are nearly right, patches of every kind, deletions, reads. One seed
 * is one request, so that a failing sequence shrinks to the requests that matter.
 */
import { applyMergePatch } from '../../src/api/patch/merge-patch.ts';
import { Prng } from '../../src/lib/prng.ts';
import { kinds } from '../../src/schema/kinds.ts';
import { apiVersionOf } from '../../src/schema/objects.ts';
import { groups } from '../../src/schema/resources.ts';
import { structType, type Field, type StructType, type TypeRef } from '../../src/schema/struct-type.ts';

export interface RandomRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

const container = { name: 'a', image: 'registry.test/a:1' };
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
const selector = { matchLabels: { a: 'b' } };

/** The least that is accepted of each resource; resources that are not named here need nothing. */
const bases: Readonly<Record<string, object>> = {
  pods: { spec: { containers: [container] } },
  podtemplates: { template },
  services: { spec: { clusterIP: 'None', ports: [{ port: 80 }] } },
  events: { involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' }, reason: 'R' },
  persistentvolumeclaims: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  replicationcontrollers: { spec: { selector: { a: 'b' }, template } },
  deployments: { spec: { selector, template } },
  replicasets: { spec: { selector, template } },
  daemonsets: { spec: { selector, template } },
  statefulsets: { spec: { serviceName: 's', selector, template } },
  jobs: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
  cronjobs: { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } } } },
  endpointslices: { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] },
  limitranges: { spec: { limits: [{ type: 'Pod', max: { cpu: '2' } }] } },
  poddisruptionbudgets: { spec: { minAvailable: 1, selector } },
  networkpolicies: { spec: { podSelector: {} } },
};
/** Quotas charge for what others write, and reviews are not stored. */
const left = new Set(['resourcequotas', 'bindings', 'localsubjectaccessreviews']);

interface Kind { readonly path: string; readonly apiVersion: string; readonly kind: string; readonly resource: string; readonly type: StructType; readonly status: boolean }

const served: readonly Kind[] = groups.flatMap(({ group, preferred, versions }) => versions
  .filter(({ version }) => version === preferred)
  .flatMap(({ version, resources }) => resources
    .filter(({ namespaced, resource, verbs }) => namespaced && verbs.includes('patch') && !left.has(resource))
    .map(({ resource, kind, statusSubresource }) => {
      const apiVersion = apiVersionOf({ group, version });
      return {
        path: `/${group === '' ? 'api' : 'apis'}/${apiVersion}/namespaces/default/${resource}`, apiVersion, kind, resource,
        type: structType(kinds.get(`${apiVersion}/${kind}`)!), status: statusSubresource ?? false,
      };
    })));

export const collections = served.map(({ path }) => path);

const texts = ['', 'a', 'b', 'web', 'UPPER', 'a.b/c', 'x'.repeat(64), 'ü', '-a', 'Always', 'TCP', 'None', '1', '/tmp', '__proto__', '10.0.0.1', '2020-01-01T00:00:00Z'];
const numbers = [0, 1, 2, 30, 80, 65_535, 65_536, -1, 2_147_483_647, 2_147_483_648, 1.5];
const quantities = ['1', '0', '100m', '1Gi', '-1', '1e3', 'abc', '', 0.5];
const wrong = ['str', 7, true, [], {}, null, [1], [null], { x: 1 }, 1.5];
const managers = ['m1', 'm2'];

class Maker {
  readonly #random: Prng;

  constructor(seed: number) {
    this.#random = new Prng(seed);
  }

  request(): RandomRequest {
    const kind = this.#pick(served);
    const name = this.#pick(['n0', 'n1']);
    const query = [this.#chance(0.1) && 'dryRun=All', this.#chance(0.3) && `fieldValidation=${this.#pick(['Ignore', 'Warn', 'Strict', 'Odd'])}`];
    const url = (path: string, ...more: string[]) => {
      const all = [...query.filter((part) => part !== false), ...more];
      return all.length === 0 ? path : `${path}?${all.join('&')}`;
    };
    const one = `${kind.path}/${name}`;
    const way = this.#random.below(20);
    if (way < 6) return { method: 'POST', path: url(kind.path), body: this.#whole(kind, name), headers: {} };
    if (way < 9) return { method: 'PUT', path: url(one), body: this.#whole(kind, name), headers: {} };
    if (way < 15) return this.#patch(kind, one, url);
    if (way < 18) return { method: 'DELETE', path: url(one), headers: {} };
    return { method: 'GET', path: way === 18 ? kind.path : one, headers: {} };
  }

  #patch(kind: Kind, one: string, url: (path: string, ...more: string[]) => string): RandomRequest {
    const at = kind.status && this.#chance(0.15) ? `${one}/status` : one;
    switch (this.#pick(['merge', 'strategic', 'json', 'apply', 'apply'])) {
      case 'merge': return this.#patchOf(url(at), 'merge-patch+json', JSON.stringify(this.#members(kind.type, 4)));
      case 'strategic': return this.#patchOf(url(at), 'strategic-merge-patch+json', JSON.stringify(this.#members(kind.type, 4)));
      case 'json': return this.#patchOf(url(at), 'json-patch+json', JSON.stringify(Array.from({ length: 1 + this.#random.below(3) }, () => this.#operation(kind.type))));
      default: {
        const force = this.#chance(0.4) ? ['force=true'] : [];
        return this.#patchOf(url(at, `fieldManager=${this.#pick(managers)}`, ...force), 'apply-patch+yaml', this.#whole(kind, one.slice(one.lastIndexOf('/') + 1)));
      }
    }
  }

  #patchOf(path: string, type: string, body: string): RandomRequest {
    return { method: 'PATCH', path, body, headers: { 'content-type': `application/${type}` } };
  }

  #whole({ apiVersion, kind, resource, type }: Kind, name: string): string {
    const edits = this.#chance(0.3) ? {} : this.#members(type, 4);
    const object = applyMergePatch({ apiVersion, kind, metadata: { name }, ...bases[resource] }, edits);
    return JSON.stringify(this.#chance(0.9) ? applyMergePatch(object, { apiVersion, kind, metadata: { name } }) : object);
  }

  #operation(type: StructType): object {
    const steps: string[] = [];
    let at: TypeRef = { kind: 'struct', struct: type };
    do {
      if (at.kind === 'struct') {
        const field: Field = this.#pick(at.struct.fields);
        steps.push(field.name);
        at = field.type;
      } else if (at.kind === 'list') {
        steps.push(this.#pick(['0', '1', '-', 'x']));
        at = at.items;
      } else break;
    } while (this.#chance(0.7));
    const path = `/${steps.join('/')}`;
    return { op: this.#pick(['add', 'replace', 'remove', 'test', 'move', 'copy']), path, from: '/metadata/labels', value: this.#value(at, 3) };
  }

  /** A few members, mostly of the right types. */
  #members(type: StructType, depth: number): object {
    const object: Record<string, unknown> = {};
    const fields = type.fields.filter(({ meta }) => !meta.noJSON);
    const spec = fields.find(({ name }) => name === 'spec');
    for (let n = this.#random.below(3) + 1; n > 0 && fields.length > 0; n--) {
      const { name, type: memberType, meta } = spec && this.#chance(0.5) ? spec : this.#pick(fields);
      if (this.#chance(0.05)) object[`${name}X`] = 1;
      else if (meta.enum && this.#chance(0.6)) object[name] = this.#pick(meta.enum);
      else object[name] = this.#value(memberType, depth - 1);
    }
    return object;
  }

  #value(type: TypeRef, depth: number): unknown {
    if (this.#chance(0.06)) return this.#pick(wrong);
    switch (type.kind) {
      case 'struct': return depth > 0 ? this.#members(type.struct, depth) : {};
      case 'list': return Array.from({ length: this.#random.below(3) }, () => this.#value(type.items, depth - 1));
      case 'map': return Object.fromEntries(Array.from({ length: this.#random.below(3) }, () => [this.#pick(['cpu', 'a', 'bad key', 'x/y']), this.#value(type.values, depth - 1)]));
      case 'scalar': return this.#scalar(type.scalar);
    }
  }

  #scalar(scalar: string): unknown {
    switch (scalar) {
      case 'string': case 'time': case 'microTime': case 'bytes': return this.#pick(texts);
      case 'bool': return this.#chance(0.5);
      case 'int32': case 'int64': case 'float64': return this.#pick(numbers);
      case 'quantity': return this.#pick(quantities);
      case 'intOrString': return this.#pick([...texts, ...numbers, '50%']);
      default: return this.#pick(wrong);
    }
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)]!;
  }

  #chance(share: number): boolean {
    return this.#random.fraction() < share;
  }
}

export const randomRequest = (seed: number): RandomRequest => new Maker(seed).request();
