/**
 * The Kubernetes API of one cluster: a request goes in, an answer comes out, in one synchronous call. This file finds
 * what a path means and which verb it asks for; the verbs are in `verbs/`, `list/`, `watch/` and `subresources/`. It
 * knows no sockets: whoever serves it moves bytes.
 */
import type { Clock } from '../clock/clock.ts';
import type { Prng } from '../lib/prng.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Store } from '../store/store.ts';
import type { AdmissionStep } from './admission.ts';
import type { AggregatedApi } from './aggregated-api.ts';
import { admissionChain } from './admission/chain.ts';
import { DefinitionController } from './crd/definition-controller.ts';
import { ApiError, requestEntityTooLarge } from './errors.ts';
import { limits } from '../limits.ts';
import { NonResourceRequests } from './discovery/non-resource.ts';
import { InProcessPorts } from './in-process-port.ts';
import { negotiateError, RouterError } from './negotiation/accept.ts';
import type { NodeConnector } from './node-connector.ts';
import type { ApiPorts } from './port.ts';
import { Query } from './query.ts';
import { Registry } from './registry.ts';
import { splitPath } from './request-info.ts';
import { ResourceRequest } from './resource-request.ts';
import { respondError, type ApiResponse } from './response.ts';
import { route } from './router.ts';
import type { Services, TokenIssuer, User } from './services.ts';

export type { ApiResponse } from './response.ts';
export type { ApiStream, StreamSink, Upgrade } from './streams.ts';

export interface ApiRequest {
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  /** Raw, without `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Anonymous when absent. */
  readonly user?: User;
}

export interface KubeApiOptions {
  readonly store: Store<KubeObject>;
  readonly clock: Clock;
  readonly random: Prng;
  readonly nodes: NodeConnector | undefined;
  readonly tokens: TokenIssuer;
  /** Objects that the cluster may have; without it any number. */
  readonly objectsMax?: number;
  readonly admission?: readonly AdmissionStep[];
  readonly aggregated?: readonly AggregatedApi[];
}

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export class KubeApi {
  readonly services: Services;
  readonly ports: ApiPorts & { close(): void };
  readonly #nonResources: NonResourceRequests;

  constructor({ store, clock, random, nodes, tokens, objectsMax = Infinity, admission = admissionChain, aggregated = [] }: KubeApiOptions) {
    this.services = { store, clock, random, readRandom: random.stream('reads'), nodes, tokens, objectsMax, admission, aggregated, registry: new Registry() };
    this.ports = new InProcessPorts(this.services);
    this.#nonResources = new NonResourceRequests(this.services);
    new DefinitionController(this.services.registry, clock, this.ports.as('kube-apiserver'));
  }

  /** Answers a request, with some other services than usual if they are given. Never throws for what a client did. */
  handle(request: ApiRequest, others?: Partial<Services>): ApiResponse {
    const services = others ? { ...this.services, ...others } : this.services;
    const query = new Query(request.query);
    const warnings: string[] = [];
    const auditId = this.services.readRandom.uuid();
    try {
      if (request.body.length > limits.requestBodyBytesMax) {
        throw requestEntityTooLarge(`Request entity too large: limit is ${limits.requestBodyBytesMax}`);
      }
      const parts = splitPath(request.path);
      const context = { request, query, warnings, auditId, user: request.user ?? anonymous };
      const found = route(this.services.registry, request.method, parts);
      return found ? new ResourceRequest(services, context, found).answer() : this.#nonResources.answer(context, parts);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const representation = error instanceof RouterError
        ? { encoding: 'json' as const, pretty: false, transform: undefined, transformVersion: '' }
        : negotiateError(request.headers, query);
      const response = respondError(error, {
        representation, requestHeaders: request.headers, warnings, auditId, nowMs: this.services.clock.now(), includeObject: 'Metadata',
      });
      return request.method === 'HEAD' && 'body' in response ? { ...response, body: new Uint8Array(0) } : response;
    }
  }

  /** The answer for a request that is refused before it gets here (401). */
  refuse(request: ApiRequest, error: ApiError): ApiResponse {
    const representation = negotiateError(request.headers, new Query(request.query));
    return respondError(error, {
      representation, requestHeaders: request.headers, warnings: [], auditId: this.services.readRandom.uuid(), nowMs: 0, includeObject: 'Metadata',
    });
  }

  close(): void {
    this.ports.close();
  }
}
