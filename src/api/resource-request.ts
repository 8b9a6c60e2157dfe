/** One request to a resource: options, body and representation around the verb it asks for. */
import type { KubeObject } from '../schema/objects.ts';
import { DurationError, parseDuration } from '../schema/values/duration.ts';
import { mediaTypes } from './codec/codec.ts';
import { getComponentStatus, listComponentStatuses } from './component-statuses.ts';
import { readDeleteOptions } from './delete-options.ts';
import { badRequest, notFound, plainError, unsupportedMediaType, type ApiError, type Status } from './errors.ts';
import { readObject } from './decoded-body.ts';
import type { ApiRequest } from './kube-api.ts';
import { list, tooLarge } from './list/list.ts';
import { checkRoute, negotiate, RouterError, type Representation } from './negotiation/accept.ts';
import { patchRequest } from './patch-request.ts';
import { patchTypes } from './patch/patch.ts';
import type { Query } from './query.ts';
import { storageKey, type ResourceDef } from './registry.ts';
import { listOptions, managerName, writeOptions, type WriteOptions } from './request-options.ts';
import { InvalidResourceVersion, parseResourceVersion } from './resource-version.ts';
import { commonHeaders, respond, respondError, statusAnswer, type Answer, type ApiResponse, type ResponseContext } from './response.ts';
import type { Route } from './router.ts';
import { answerConnect, answerLog, answerPost, answerScale } from './subresource-request.ts';
import type { Services, User } from './services.ts';
import { create } from './verbs/create.ts';
import { deleteObject } from './verbs/delete.ts';
import { deleteCollection } from './verbs/delete-collection.ts';
import { checkName } from './verbs/patch.ts';
import { replace } from './verbs/update.ts';
import type { WriteContext, Written } from './verbs/write-context.ts';
import { parseIncludeObject } from './table/table.ts';
import { framesFor } from './watch/frames.ts';
import { openWatch } from './watch/watch.ts';
import { pathSegmentName } from './validation/names.ts';

export interface RequestContext {
  readonly request: ApiRequest;
  readonly query: Query;
  readonly warnings: string[];
  readonly auditId: string;
  readonly user: User;
}

export class ResourceRequest {
  readonly services: Services;
  readonly context: RequestContext;
  readonly route: Route;

  constructor(services: Services, context: RequestContext, route: Route) {
    this.services = services;
    this.context = context;
    this.route = route;
  }

  answer(): ApiResponse {
    const { verb, path, def } = this.route;
    if (def.deprecation !== undefined) this.context.warnings.push(def.deprecation);
    this.#checkMediaTypes();
    this.#checkPath();
    this.#checkTimeout();
    if (verb !== 'connect') this.#representation();
    if (path.subresource === 'scale') return this.#respond(answerScale(this));
    switch (verb) {
      case 'get': return path.subresource === 'log' ? answerLog(this) : this.#respond(this.#get());
      case 'list': case 'watch': return this.#listOrWatch();
      case 'create': return this.#respond(answerPost(this) ?? this.#create());
      case 'update': return this.#respond(this.#update());
      case 'patch': return this.#respond(this.#patch());
      case 'delete': return this.#respond(this.#delete());
      case 'deletecollection': return this.#respond(this.#deleteCollection());
      case 'connect': return answerConnect(this);
    }
  }

  /** The router refuses patch types that the resource does not take, and representations that nothing here produces. */
  #checkMediaTypes(): void {
    const { headers } = this.context.request;
    const { verb, def, path } = this.route;
    if (verb === 'patch' && def.type && !Object.hasOwn(patchTypes, contentType(headers['content-type']))) {
      throw new RouterError(415, 'UnsupportedMediaType', '415: Unsupported Media Type');
    }
    if (verb === 'patch' && !def.type && !customPatchTypes.includes(contentType(headers['content-type']))) {
      throw unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${customPatchTypes.join(', ')}`);
    }
    if (def.type && verb !== 'connect') checkRoute(headers['accept'], verb === 'list' || verb === 'watch', path.subresource === 'log' ? ['text/plain'] : []);
  }

  /** The deadline of a request counts for nothing here, but must be readable. */
  #checkTimeout(): void {
    const timeout = this.context.query.text('timeout');
    if (timeout === '' || this.route.verb === 'watch' || this.context.query.bool('watch')) return;
    try {
      parseDuration(timeout);
    } catch (error) {
      if (error instanceof DurationError) throw badRequest(`invalid timeout specified in the request URL - ${error.message}`);
      throw error;
    }
  }

  #checkPath(): void {
    const { name } = this.route.path;
    const errors = name === '' ? [] : pathSegmentName(name);
    if (errors.length > 0) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${errors.join(';')}`);
  }

  #representation(stream = false): Representation {
    const { request, query } = this.context;
    return negotiate(request.headers, query, { protobuf: this.route.def.type !== undefined, transforms: true, tables: hasTable(this.route), stream });
  }

  responseContext(): ResponseContext {
    const representation = this.#representation();
    const includeObject = representation.transform === 'Table' ? parseIncludeObject(this.context.query.text('includeObject')) : 'Metadata';
    const { warnings, auditId, request } = this.context;
    return { representation, requestHeaders: request.headers, warnings, auditId, nowMs: this.services.clock.now(), includeObject };
  }

  #respond(answer: Answer): ApiResponse {
    return respond(answer, this.responseContext());
  }

  /** For refusals that come after the request has been answered for. */
  respondError(error: ApiError): ApiResponse {
    return respondError(error, this.responseContext());
  }

  get #def(): ResourceDef {
    return this.route.def;
  }

  writeContext(options: Pick<WriteOptions, 'dryRun'> & Partial<WriteOptions>): WriteContext {
    const { path, def } = this.route;
    const { request, warnings, user } = this.context;
    return {
      def, subresource: path.subresource, namespace: def.namespaced ? path.namespace : '', name: path.name, dryRun: options.dryRun, user,
      manager: managerName(options.fieldManager ?? '', request.headers['user-agent']),
      warn: (text) => void warnings.push(text),
    };
  }

  #get(): Answer {
    const { store } = this.services;
    const { path } = this.route;
    if (this.#def.name === componentStatuses) return getComponentStatus(this.#def, path.name);
    const revision = this.#wantedRevision();
    if (revision > store.revision) throw tooLarge(revision, store.revision);
    const stored = store.get(storageKey(this.#def, path.namespace, path.name));
    if (!stored) throw notFound(this.#def.groupResource, path.name);
    return { kind: 'object', code: 200, def: this.#def, object: this.#def.conversion?.fromStorage(stored.value) ?? stored.value, stored };
  }

  #wantedRevision(): number {
    try {
      return parseResourceVersion(this.context.query.text('resourceVersion'));
    } catch (error) {
      if (error instanceof InvalidResourceVersion) throw plainError(error.message);
      throw error;
    }
  }

  #listOrWatch(): ApiResponse {
    const { path, verb, def } = this.route;
    const representation = this.#representation();
    const options = listOptions(this.context.query, def, path.name, verb === 'watch');
    if (def.name === componentStatuses) return this.#respond(listComponentStatuses(def, options));
    if (!options.watch) {
      const { items, metadata } = list(this.services, def, path.namespace, options);
      return this.#respond({ kind: 'list', code: 200, def, items, metadata });
    }
    this.#representation(true);
    const { request, query } = this.context;
    const includeObject = representation.transform === 'Table' ? parseIncludeObject(query.text('includeObject')) : 'Metadata';
    const frames = framesFor(def, representation, { includeObject, nowMs: () => this.services.clock.now() });
    const stream = openWatch(this.services, def, path.namespace, options, frames);
    const binary = representation.encoding === 'protobuf';
    if (isWebSocket(request.headers)) {
      if (request.headers['origin'] === undefined) return { status: 403, headers: {}, body: new Uint8Array(0) };
      return { status: 101, headers: commonHeaders(this.context), upgrade: { kind: 'watch', stream, binary } };
    }
    const contentType = mediaTypes[representation.encoding] + (binary ? ';stream=watch' : '');
    return { status: 200, headers: { ...commonHeaders(this.context), 'content-type': contentType }, stream };
  }

  #create(): Answer {
    const options = writeOptions(this.context.query, 'CreateOptions');
    const object = this.#body(options);
    return this.#written(create(this.services, this.writeContext(options), object), 201);
  }

  #update(): Answer {
    const options = writeOptions(this.context.query, 'UpdateOptions');
    const object = this.#body(options);
    const { path } = this.route;
    checkName(path.name, object);
    return this.#written(replace(this.services, this.writeContext(options), object), 200);
  }

  #patch(): Answer {
    const type = contentType(this.context.request.headers['content-type']);
    const options = writeOptions(this.context.query, 'PatchOptions', type);
    return this.#written(patchRequest(this.services, this.writeContext(options), type, this.context.request.body, options), 200);
  }

  #delete(): Answer {
    const options = readDeleteOptions(this.context);
    const { result, gone } = deleteObject(this.services, this.writeContext(options), options);
    const code = !gone && options.orphanDependents === false ? 202 : 200;
    return 'status' in result && result.kind === 'Status'
      ? statusAnswer(result as Status, code)
      : { kind: 'object', code, def: this.#def, object: result as KubeObject };
  }

  #deleteCollection(): Answer {
    const { path } = this.route;
    const selection = listOptions(this.context.query, this.#def);
    const options = readDeleteOptions(this.context);
    const { items, metadata } = deleteCollection(this.services, this.writeContext(options), path.namespace, selection, options);
    return { kind: 'list', code: 200, def: this.#def, items, metadata };
  }

  #body(options: WriteOptions): KubeObject {
    const { request, warnings } = this.context;
    return readObject(this.#def, request.body, request.headers['content-type'], options.fieldValidation, (text) => void warnings.push(text));
  }

  #written({ object, stored, created }: Written, code: number): Answer {
    return { kind: 'object', code: created ? 201 : code, def: this.#def, object, stored };
  }
}

const componentStatuses = 'componentstatuses';

/** Of subresources, only the storages of statuses and scales make Tables; of what is not stored, none. */
function hasTable({ def, path: { subresource } }: Route): boolean {
  switch (subresource) {
    case '': return def.facts.verbs.includes('get');
    case 'status': return !statusesWithoutTable.has(def.name);
    default: return subresource === 'scale';
  }
}

const statusesWithoutTable: ReadonlySet<string> = new Set([
  'apiservices.apiregistration.k8s.io', 'customresourcedefinitions.apiextensions.k8s.io', 'resourceclaims.resource.k8s.io',
]);

/** Strategic merge patches need a Go type. */
const customPatchTypes = Object.keys(patchTypes).filter((type) => patchTypes[type] !== 'strategic');

/** Asks for the WebSocket protocol. */
const isWebSocket = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  /\bupgrade\b/i.test(headers['connection'] ?? '') && (headers['upgrade'] ?? '').toLowerCase() === 'websocket';

const contentType = (header: string | undefined) => (header ?? '').split(';', 1)[0]!;

