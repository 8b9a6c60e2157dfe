/** Requests to subresources that are no view of their object, and to resources that are only answered, never stored. */
import type { Binding } from '../schema/core/v1.ts';
import type { TokenRequest } from '../schema/authentication/v1.ts';
import type { Eviction } from '../schema/policy/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { answeredKind, customScaleKind } from './answered-kinds.ts';
import { normalize } from './codec/normalize.ts';
import { readKind } from './decoded-body.ts';
import { badRequest, notFound, success } from './errors.ts';
import { trackTransient } from './field-managers.ts';
import { rewritten } from './subresources/proxied-answer.ts';
import { proxyFailed, proxyPath, proxyTarget } from './subresources/proxy.ts';
import { storageKey } from './registry.ts';
import { writeOptions } from './request-options.ts';
import { commonHeaders, statusAnswer, type Answer, type ApiResponse } from './response.ts';
import type { ResourceRequest } from './resource-request.ts';
import { bind } from './subresources/binding.ts';
import { evict } from './subresources/eviction.ts';
import { podLog } from './subresources/pod-connect.ts';
import { openPodStream } from './subresources/pod-stream.ts';
import { reviews } from './subresources/reviews.ts';
import { patchedScale } from './subresources/scale-patch.ts';
import { getScale, replaceScale, type Scale } from './subresources/scale.ts';
import { requestToken } from './subresources/token.ts';
import { ensureNamespace } from './verbs/write-context.ts';

/** POST: bindings, evictions, tokens and reviews; undefined for anything that is stored. Throws ApiError. */
export function answerPost(request: ResourceRequest): Answer | undefined {
  const { def, path } = request.route;
  const options = () => writeOptions(request.context.query, 'CreateOptions');
  switch (path.subresource === '' ? def.name : `${def.name}/${path.subresource}`) {
    case 'bindings': {
      const binding = body<Binding>(request, '', 'v1', 'Binding');
      const pods = request.services.registry.byName('pods')!;
      return created(() => bind(request.services, { ...request.writeContext(options()), def: pods, subresource: 'binding', name: binding.metadata!.name! }, binding));
    }
    case 'pods/binding': return created(() => bind(request.services, request.writeContext(options()), body<Binding>(request, '', 'v1', 'Binding')));
    case 'pods/eviction': return created(() => evict(request.services, request.writeContext(options()), body<Eviction>(request, 'policy', 'v1', 'Eviction')));
    case 'serviceaccounts/token': {
      const tokenRequest = body<TokenRequest>(request, 'authentication.k8s.io', 'v1', 'TokenRequest');
      ensureNamespace(tokenRequest as KubeObject, def, path.namespace);
      return other(201, requestToken(request.services, request.writeContext(options()), tokenRequest as TokenRequest & KubeObject));
    }
    default: return Object.hasOwn(reviews, def.resource) && !def.facts.verbs.includes('get') ? review(request) : undefined;
  }
}

function created(run: () => void): Answer {
  run();
  return statusAnswer(success({ code: 201 }));
}

function other(code: number, object: KubeObject, def = answeredKind(object.apiVersion!, object.kind!)): Answer {
  return { kind: 'object', code, def, object: normalize(def.type, object) };
}

function body<T>({ context }: ResourceRequest, group: string, version: string, kind: string): T {
  const { request, query, warnings } = context;
  const { fieldValidation } = writeOptions(query, 'CreateOptions');
  return readKind({ group, version, kind }, request, fieldValidation, (text) => void warnings.push(text)) as T;
}

/** Reviews whose answer says nothing of the question. */
const untrackedReviews = new Set(['selfsubjectreviews', 'selfsubjectrulesreviews']);

function review(request: ResourceRequest): Answer {
  const { def, path } = request.route;
  const object = body<KubeObject>(request, def.group, def.version, def.kind);
  if (def.namespaced) ensureNamespace(object, def, path.namespace);
  if (!untrackedReviews.has(def.resource)) trackTransient(request.services, request.writeContext(writeOptions(request.context.query, 'CreateOptions')), object);
  reviews[def.resource]!(request.services, object as never, request.context.user);
  return other(201, object);
}

/** `scale` with any of its verbs. */
export function answerScale(request: ResourceRequest): Answer {
  const { route: { def, path, verb }, services, context } = request;
  const shown = def.type ? undefined : customScaleKind;
  if (verb === 'get') return other(200, getScale(services, def, path.namespace, path.name), shown);
  if (verb === 'update') {
    const options = writeOptions(context.query, 'UpdateOptions');
    const scale = body<Scale>(request, 'autoscaling', 'v1', 'Scale');
    return other(200, replaceScale(services, request.writeContext(options), scale), shown);
  }
  return other(200, patchedScale(services, (options) => request.writeContext(options), context), shown);
}

/** The log of a Pod: plain text, or 204 while it is on no node. */
export function answerLog(request: ResourceRequest): ApiResponse {
  const stream = podLog(request.services, object(request), request.context.query);
  const headers = { ...commonHeaders(request.context), 'content-type': 'text/plain' };
  if (stream) return { status: 200, headers, stream };
  return { status: 204, headers: commonHeaders(request.context), body: new Uint8Array(0) };
}

/** exec, attach, port-forward and proxy. */
export function answerConnect(request: ResourceRequest): ApiResponse {
  const { services, context, route: { path } } = request;
  if (path.subresource === 'proxy') return proxy(request);
  return openPodStream(services, object(request), path.subresource, context);
}

function object({ services, route: { def, path } }: ResourceRequest): KubeObject {
  const stored = services.store.get(storageKey(def, path.namespace, path.name));
  if (!stored) throw notFound(def.groupResource, path.name);
  return stored.value;
}

function proxy(request: ResourceRequest): ApiResponse {
  const { services, context, route: { def, path } } = request;
  const { nodes } = services;
  const { method, headers, body: bytes, query: rawQuery } = context.request;
  const target = proxyTarget(services, def, path.namespace, path.name);
  const { prefix, below } = proxyPath(context.request.path);
  const query = rawQuery === '' ? '' : `?${rawQuery}`;
  if (below === '' && (method === 'GET' || method === 'HEAD')) {
    return { status: 301, headers: { ...commonHeaders(context), location: `${prefix}/${query}` }, body: new Uint8Array(0) };
  }
  if (!nodes) throw target.kind === 'node' ? badRequest('address not allowed') : proxyFailed('there are no nodes');
  return {
    status: 200, headers: {},
    deferred: (done) => nodes.proxy(target, { method, path: `${below === '' ? '/' : below}${query}`, headers, body: bytes }, (answer) => {
      if ('error' in answer) return done(request.respondError(proxyFailed(answer.error)));
      const { status, headers: own, body: content } = rewritten(answer, prefix);
      const length = 'content-length' in own ? {} : { 'transfer-encoding': 'chunked' };
      return done({ status, headers: { ...commonHeaders(context), ...own, ...length }, body: content });
    }),
  };
}

