/** The refusal that a fault asks for, in Kubernetes' own words where the rule gives none. */
import { ApiError, printResource, type Status } from '../../api/errors.ts';
import type { FaultError } from '../../schema/fakelet/fault.ts';
import type { RequestFacts } from './request-facts.ts';

type Words = readonly [reason: string, message: (subject: string) => string];

/** apimachinery/pkg/api/errors/errors.go, and what client-go makes of codes alone. */
const words: Readonly<Record<number, Words>> = {
  400: ['BadRequest', () => 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', () => 'Unauthorized'],
  403: ['Forbidden', (subject) => `${subject} is forbidden`],
  404: ['NotFound', (subject) => `${subject} not found`],
  405: ['MethodNotAllowed', () => 'the server does not allow this method on the requested resource'],
  409: ['Conflict', (subject) => `Operation cannot be fulfilled on ${subject}: the object has been modified; please apply your changes to the latest version and try again`],
  410: ['Expired', () => 'The resourceVersion for the provided watch is too old.'],
  413: ['RequestEntityTooLarge', () => 'Request entity too large: limit is 3145728'],
  422: ['Invalid', (subject) => `${subject} is invalid`],
  429: ['TooManyRequests', () => 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', () => 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', () => 'the server is currently unable to handle the request'],
  504: ['Timeout', () => 'Timeout: request did not complete within the allotted timeout'],
};

export function faultError({ code, reason, message, retryAfterSeconds = code === 429 ? 1 : 0 }: FaultError, { groupResource, name, verb }: RequestFacts): ApiError {
  const { group, resource } = groupResource;
  const subject = `${printResource(groupResource)}${name === '' ? '' : ` "${name}"`}`;
  const exists: Words = ['AlreadyExists', () => `${subject} already exists`];
  const [usualReason, usualMessage] = code === 409 && verb === 'create' ? exists : words[code] ?? ['', () => `the server answered ${code}`];
  const details = {
    ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), ...(resource === '' ? {} : { kind: resource }),
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  };
  const status: Status = {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: message ?? usualMessage(subject),
    ...((reason ?? usualReason) === '' ? {} : { reason: reason ?? usualReason }), ...(Object.keys(details).length > 0 ? { details } : {}), code,
  };
  return new ApiError(status);
}
