/** What can be done with a resource, as OpenAPI operations in a form that both versions of OpenAPI are written from. */
import { kinds } from '../../schema/kinds.ts';
import { apiVersionOf, type GroupVersionKind } from '../../schema/objects.ts';
import type { SubresourceFacts } from '../../schema/resource-facts.ts';
import { structType, type StructType } from '../../schema/struct-type.ts';
import { publishesDeletedObject } from '../deleted-objects.ts';
import { resourceName } from '../registry.ts';

/** The parts of a resource's definition that OpenAPI shows. */
export interface PublishedResource extends GroupVersionKind {
  readonly resource: string;
  readonly namespaced: boolean;
  readonly facts: { readonly verbs: readonly string[] };
  readonly subresources: ReadonlyMap<string, SubresourceFacts>;
  /** Absent for custom resources. */
  readonly type?: StructType | undefined;
}

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch' | 'head' | 'options';
export type ParameterType = 'string' | 'boolean' | 'integer';
export interface Parameter { readonly name: string; readonly in: 'query' | 'path'; readonly type: ParameterType }

/** What a body holds: the resource or its list, a type of ours, a patch, or plain text. */
export type Content = 'object' | 'list' | 'patch' | 'text' | StructType;

export interface Operation {
  readonly path: string;
  readonly method: Method;
  readonly id: string;
  readonly action: string;
  readonly gvk: GroupVersionKind;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly request: Content | undefined;
  readonly response: Content;
  readonly codes: readonly number[];
}

const query = (type: ParameterType, ...names: string[]): Parameter[] => names.map((name) => ({ name, in: 'query', type }));
const byName = (parameters: Parameter[]): Parameter[] => parameters.sort((a, b) => (a.name < b.name ? -1 : 1));

const selectParameters = [
  ...query('string', 'continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch', 'shardSelector'),
  ...query('integer', 'limit', 'timeoutSeconds'), ...query('boolean', 'sendInitialEvents'),
];
const listParameters = byName([...selectParameters, ...query('boolean', 'allowWatchBookmarks', 'watch')]);
const deleteParameters = byName([
  ...query('string', 'dryRun', 'propagationPolicy'), ...query('integer', 'gracePeriodSeconds'),
  ...query('boolean', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents'),
]);
const writeParameters = query('string', 'dryRun', 'fieldManager', 'fieldValidation');

/** One verb of a resource or subresource. */
interface Shape {
  readonly method: Method;
  /** First word of the operation id. */
  readonly word: string;
  readonly action: string;
  readonly parameters: readonly Parameter[];
  readonly request?: Content;
  readonly response: Content;
  readonly codes: readonly number[];
}

const itemShapes: Readonly<Record<string, Shape>> = {
  get: { method: 'get', word: 'read', action: 'get', parameters: [], response: 'object', codes: [200] },
  update: { method: 'put', word: 'replace', action: 'put', parameters: writeParameters, request: 'object', response: 'object', codes: [200, 201] },
  patch: {
    method: 'patch', word: 'patch', action: 'patch', parameters: [...writeParameters, ...query('boolean', 'force')], request: 'patch',
    response: 'object', codes: [200, 201],
  },
};
const createShape: Shape = {
  method: 'post', word: 'create', action: 'post', parameters: writeParameters, request: 'object', response: 'object', codes: [200, 201, 202],
};
/** What a body of an answer can be, in order of preference. */
export function producedTypes({ action, response }: Operation): string[] {
  if (action === 'connect') return ['*/*'];
  if (action === 'list' || action.startsWith('watch')) return [...answerTypes, ...streamTypes];
  return response === 'text' ? ['text/plain', ...answerTypes] : answerTypes;
}

const answerTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const streamTypes = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** What the body of a request can be. Custom resources know no strategic merge. */
export function consumedTypes({ request }: Operation, { type }: PublishedResource): string[] {
  if (request !== 'patch') return ['*/*'];
  return patchTypes.filter((patch) => type !== undefined || !patch.includes('strategic'));
}

const patchTypes = [
  'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml',
];

/** The old way to watch: paths of their own, of built-in resources only. */
function watchShape(action: 'watch' | 'watchlist'): Shape {
  return { method: 'get', word: 'watch', action, parameters: listParameters, response: typeOf('v1/WatchEvent'), codes: [200] };
}

const listShape: Shape = { method: 'get', word: 'list', action: 'list', parameters: listParameters, response: 'list', codes: [200] };

function operationsOf(resource: PublishedResource): Operation[] {
  const { group, version, namespaced } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const below = `${namespaced ? 'namespaces/{namespace}/' : ''}${resource.resource}`;
  const collection = `${root}/${below}`;
  const item = `${collection}/{name}`;
  const { verbs } = resource.facts;
  const scope = namespaced ? 'Namespaced' : '';
  const operations: Operation[] = [];
  const add = (path: string, shape: Shape, where: string, suffix = '', gvk: GroupVersionKind = resource) =>
    operations.push(operation(resource, path, shape, where, suffix, gvk));
  if (verbs.includes('list')) {
    add(collection, listShape, scope);
    if (namespaced) add(`${root}/${resource.resource}`, listShape, '', 'ForAllNamespaces');
  }
  if (verbs.includes('create')) add(collection, createShape, scope);
  if (verbs.includes('deletecollection')) add(collection, deleteShape('deletecollection', resource), `Collection${scope}`);
  for (const [verb, shape] of Object.entries(itemShapes)) if (verbs.includes(verb)) add(item, shape, scope);
  if (verbs.includes('delete')) add(item, deleteShape('delete', resource), scope);
  if (verbs.includes('watch') && resource.type) {
    if (namespaced) add(`${root}/watch/${resource.resource}`, watchShape('watchlist'), '', 'ListForAllNamespaces');
    add(`${root}/watch/${below}`, watchShape('watchlist'), scope, 'List');
    add(`${root}/watch/${below}/{name}`, watchShape('watch'), scope);
  }
  for (const [name, subresource] of resource.subresources) {
    for (const shape of subresourceShapes(resource, subresource)) {
      add(`${item}/${name}`, shape, scope, capital(name), gvkOf(subresource));
      if (name === 'proxy') add(`${item}/${name}/{path}`, shape, scope, 'ProxyWithPath', gvkOf(subresource));
    }
  }
  return operations;
}

/** Operations on one path. */
export interface PathOperations {
  readonly path: string;
  readonly operations: readonly Operation[];
  /** Parameters of every operation; documents list them once. */
  readonly shared: readonly Parameter[];
}

/** All operations of a resource by path. */
export function pathsOf(resource: PublishedResource): PathOperations[] {
  const byPath = new Map<string, Operation[]>();
  for (const one of operationsOf(resource)) byPath.set(one.path, [...byPath.get(one.path) ?? [], one]);
  return [...byPath].map(([path, operations]) => ({
    path, operations, shared: byName(operations[0]!.parameters.filter((parameter) => operations.every((other) => has(other, parameter)))),
  }));
}

const has = ({ parameters }: Operation, { name, in: place }: Parameter): boolean =>
  parameters.some((other) => other.name === name && other.in === place);

function operation(resource: PublishedResource, path: string, shape: Shape, where: string, suffix: string, gvk: GroupVersionKind): Operation {
  const { method, word, action, parameters, response, codes } = shape;
  const connects = action === 'connect';
  const { group, version, kind } = gvk;
  return {
    path, method, action, parameters: [...pathParameters(path), ...(connects ? [] : query('string', 'pretty')), ...parameters], response, codes, request: shape.request,
    id: [word, ...[tagGroup(resource.group), resource.version, connects ? method : '', where, resource.kind, suffix].map(capital)].join(''),
    gvk: { group, kind, version }, tag: `${tagGroup(resource.group)}_${resource.version}`,
  };
}

function pathParameters(path: string): Parameter[] {
  return byName([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name: name!, in: 'path' as const, type: 'string' as const })));
}

function deleteShape(action: 'delete' | 'deletecollection', { group, resource }: PublishedResource): Shape {
  const returnsObject = action === 'delete' && publishesDeletedObject(resourceName(group, resource));
  return {
    method: 'delete', word: 'delete', action, response: returnsObject ? 'object' : typeOf('v1/Status'), request: typeOf('v1/DeleteOptions'),
    parameters: action === 'delete' ? deleteParameters : byName([...deleteParameters, ...selectParameters]),
    codes: action === 'delete' ? [200, 202] : [200],
  };
}

function subresourceShapes(resource: PublishedResource, { name, verbs, ...gvk }: SubresourceFacts): Shape[] {
  const ref = kinds.get(`${apiVersionOf(gvk)}/${gvk.kind}`);
  const content: Content = gvk.kind === resource.kind || !ref ? 'object' : structType(ref);
  if (name === 'log') return [{ ...itemShapes['get']!, response: 'text', parameters: optionParameters('v1/PodLogOptions') }];
  if (gvk.kind.endsWith('Options')) {
    const parameters = optionParameters(`${apiVersionOf(gvk)}/${gvk.kind}`);
    const methods = connectMethods.filter(({ verb }) => verbs.includes(verb));
    return (methods.length === connectMethods.length ? [...methods, { method: 'head' }, { method: 'options' }] as const : methods)
      .map(({ method }) => ({ method, word: 'connect', action: 'connect', parameters, response: 'text', codes: [200] }));
  }
  const shapes = verbs.flatMap((verb) => (verb === 'create' ? [createShape] : itemShapes[verb] ? [itemShapes[verb]] : []));
  const inPlace = (part: Content): Content => (part === 'object' ? content : part);
  return shapes.map(({ request, ...shape }) => ({
    ...shape, response: inPlace(shape.response), ...(request === undefined ? {} : { request: inPlace(request) }),
  }));
}

const connectMethods = [
  { verb: 'get', method: 'get' }, { verb: 'create', method: 'post' }, { verb: 'update', method: 'put' },
  { verb: 'delete', method: 'delete' }, { verb: 'patch', method: 'patch' },
] as const;

/** Options that travel in the query: the members of their type, but for times. */
function optionParameters(kind: string): Parameter[] {
  const members = typeOf(kind).fields.filter(({ name, type }) => name !== 'kind' && name !== 'apiVersion' && !(type.kind === 'scalar' && type.scalar === 'time'));
  return members.map(({ name, type }) => {
    const value = type.kind === 'list' ? type.items : type;
    const scalar = value.kind === 'scalar' ? value.scalar : 'string';
    return { name, in: 'query', type: scalar === 'bool' ? 'boolean' : scalar === 'int64' || scalar === 'int32' ? 'integer' : 'string' };
  });
}

const typeOf = (kind: string): StructType => structType(kinds.get(kind)!);
const gvkOf = ({ group, version, kind }: GroupVersionKind): GroupVersionKind => ({ group, version, kind });
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A group in tags and operation ids: `core`, `apps`, `rbacAuthorization`. */
export function tagGroup(group: string): string {
  if (group === '') return 'core';
  const [first = '', ...rest] = group.replace(/\.k8s\.io$/, '').split('.');
  return first + rest.map(capital).join('');
}
