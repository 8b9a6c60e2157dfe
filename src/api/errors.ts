/**
 * Every refusal of the API: an `ApiError` carries the Status that the client gets. One constructor per upstream
 * constructor (apimachinery/pkg/api/errors/errors.go), texts byte for byte. `routes/` turns them into HTTP.
 */
import type { FieldError } from './field-error.ts';

export interface StatusCause { reason?: string; message?: string; field?: string }
export interface StatusDetails {
  name?: string; group?: string; kind?: string; uid?: string; causes?: StatusCause[]; retryAfterSeconds?: number;
}
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** What an error talks about: `pods "web"`, `deployments.apps "web"`. */
export interface GroupResource { readonly group: string; readonly resource: string }
export interface GroupKind { readonly group: string; readonly kind: string }

export class ApiError extends Error {
  readonly status: Status;
  /** Warnings that go with the refusal. */
  warnings: string[] = [];

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string | undefined {
    return this.status.reason;
  }
}

export const printResource = (gr: GroupResource) => (gr.group === '' ? gr.resource : `${gr.resource}.${gr.group}`);
export const printKind = (gk: GroupKind) => (gk.group === '' ? gk.kind : `${gk.kind}.${gk.group}`);

function failure(code: number, reason: string | undefined, message: string, details?: StatusDetails): ApiError {
  return new ApiError({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message,
    ...(reason === undefined ? {} : { reason }), ...(details ? { details } : {}), code,
  });
}

const details = (gr: GroupResource, name: string, more: StatusDetails = {}): StatusDetails => ({
  ...(name === '' ? {} : { name }), ...(gr.group === '' ? {} : { group: gr.group }),
  ...(gr.resource === '' ? {} : { kind: gr.resource }), ...more,
});

export const notFound = (gr: GroupResource, name: string): ApiError =>
  failure(404, 'NotFound', `${printResource(gr)} "${name}" not found`, details(gr, name));
export const alreadyExists = (gr: GroupResource, name: string): ApiError =>
  failure(409, 'AlreadyExists', `${printResource(gr)} "${name}" already exists`, details(gr, name));
export const conflict = (gr: GroupResource, name: string, why: string): ApiError =>
  failure(409, 'Conflict', `Operation cannot be fulfilled on ${printResource(gr)} "${name}": ${why}`, details(gr, name));
export const forbidden = (gr: GroupResource, name: string, why: string): ApiError =>
  failure(403, 'Forbidden', name === '' ? `${printResource(gr)} is forbidden: ${why}` : `${printResource(gr)} "${name}" is forbidden: ${why}`,
    details(gr, name));
export const badRequest = (message: string): ApiError => failure(400, 'BadRequest', message);
export const gone = (message: string): ApiError => failure(410, 'Gone', message);
export const expired = (message: string): ApiError => failure(410, 'Expired', message);
export const unauthorized = (message = 'Unauthorized'): ApiError => failure(401, 'Unauthorized', message);
export const methodNotSupported = (gr: GroupResource, verb: string): ApiError =>
  failure(405, 'MethodNotAllowed', `${verb} is not supported on resources of kind "${printResource(gr)}"`, details(gr, ''));
export const tooManyRequests = (message: string, retryAfterSeconds?: number, causes?: StatusCause[]): ApiError =>
  failure(429, 'TooManyRequests', message, {
    ...(causes ? { causes } : {}), ...(retryAfterSeconds === undefined || retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
export const requestEntityTooLarge = (message: string): ApiError => failure(413, 'RequestEntityTooLarge', message);
export const unsupportedMediaType = (message: string): ApiError => failure(415, 'UnsupportedMediaType', message);
export const notAcceptable = (message: string): ApiError => failure(406, 'NotAcceptable', message);
export const serviceUnavailable = (message: string): ApiError => failure(503, 'ServiceUnavailable', message);
/** A plain Go error that reaches the client: 500 without reason. */
export const plainError = (message: string): ApiError => failure(500, undefined, message);
export const internalError = (message: string): ApiError =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
/** What fakelet does not emulate; the one refusal that Kubernetes would not give. */
export const notEmulated = (what: string): ApiError =>
  failure(501, 'NotImplemented', `${what} is not emulated by fakelet. See "Differences from Kubernetes" in the README.`);

/** The 422 of validation: all causes, in order; equal texts are collapsed in the message only. */
export function invalid(gk: GroupKind, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map(errorText))];
  const list = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
  const causes = errors.map((error) => ({ reason: error.type, message: error.body, field: error.field }));
  return failure(422, 'Invalid', `${printKind(gk)} "${name}" is invalid${errors.length > 0 ? `: ${list}` : ''}`, {
    ...(name === '' ? {} : { name }), ...(gk.group === '' ? {} : { group: gk.group }),
    ...(gk.kind === '' ? {} : { kind: gk.kind }), ...(causes.length > 0 ? { causes } : {}),
  });
}

/** The hidden 422 that upstream gives for a JSON Patch that cannot be applied. */
export const genericUnprocessable = (): ApiError =>
  failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

export const errorText = (error: FieldError): string => (error.field === '' ? error.body : `${error.field}: ${error.body}`);

export const success = (more: Partial<Status> = {}): Status => ({
  kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', ...more, code: more.code ?? 200,
});
