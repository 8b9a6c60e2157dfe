/** Probes and lifecycle hooks: handlers and their numbers. */
import type { HTTPGetAction, Lifecycle, LifecycleHandler, Probe, ProbeHandler } from '../../../schema/core/v1.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { httpHeaderName, portName, portNum } from '../names.ts';
import { invalidForEach, validateNonNegative } from '../rules.ts';

type Handler = ProbeHandler & LifecycleHandler;

const schemes = ['HTTP', 'HTTPS'];
const handlerTypes = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;
const thresholds = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

/** Liveness and startup probes: one success is enough. */
export function validateLivenessProbe(probe: Probe | undefined, path: string, errors: FieldError[]): void {
  if (!probe) return;
  validateProbe(probe, path, errors);
  if ((probe.successThreshold ?? 0) !== 1) errors.push(invalid(`${path}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
}

/** Readiness probes never stop a container, so they have no grace period. */
export function validateReadinessProbe(probe: Probe | undefined, path: string, errors: FieldError[]): void {
  if (!probe) return;
  validateProbe(probe, path, errors);
  if (probe.terminationGracePeriodSeconds !== undefined) {
    errors.push(invalid(`${path}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds,
      'must not be set for readinessProbes'));
  }
}

function validateProbe(probe: Probe, path: string, errors: FieldError[]): void {
  validateHandler(probe, undefined, path, errors);
  for (const member of thresholds) validateNonNegative(probe[member], `${path}.${member}`, errors);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) errors.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'));
}

/** `graceSeconds` bounds a sleep. */
export function validateLifecycle(lifecycle: Lifecycle, graceSeconds: number | undefined, path: string, errors: FieldError[]): void {
  if (lifecycle.postStart) validateHandler(lifecycle.postStart, graceSeconds, `${path}.postStart`, errors);
  if (lifecycle.preStop) validateHandler(lifecycle.preStop, graceSeconds, `${path}.preStop`, errors);
}

function validateHandler(handler: Handler, graceSeconds: number | undefined, path: string, errors: FieldError[]): void {
  const given = handlerTypes.filter((type) => handler[type] !== undefined);
  if (given.length === 0) errors.push(required(path, 'must specify a handler type'));
  given.forEach((type, i) => {
    if (i > 0) errors.push(forbidden(`${path}.${type}`, 'may not specify more than 1 handler type'));
    else validateAction(handler, type, graceSeconds, `${path}.${type}`, errors);
  });
}

function validateAction(
  handler: Handler, type: (typeof handlerTypes)[number], graceSeconds: number | undefined, path: string, errors: FieldError[],
): void {
  switch (type) {
    case 'exec':
      if (!handler.exec?.command?.length) errors.push(required(`${path}.command`));
      break;
    case 'httpGet':
      validateHTTPGet(handler.httpGet!, path, errors);
      break;
    case 'tcpSocket':
      validatePortNumOrName(handler.tcpSocket!.port, `${path}.port`, errors);
      break;
    case 'grpc':
      validatePortNumOrName(handler.grpc!.port, `${path}.port`, errors);
      break;
    case 'sleep': {
      const { seconds } = handler.sleep!;
      if (graceSeconds !== undefined && (seconds < 0 || seconds > graceSeconds)) {
        errors.push(invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`));
      }
    }
  }
}

function validateHTTPGet(action: HTTPGetAction, path: string, errors: FieldError[]): void {
  if (!action.path) errors.push(required(`${path}.path`));
  validatePortNumOrName(action.port, `${path}.port`, errors);
  const scheme = action.scheme ?? '';
  if (!schemes.includes(scheme)) errors.push(notSupported(`${path}.scheme`, scheme, schemes));
  for (const header of action.httpHeaders ?? []) {
    invalidForEach(httpHeaderName(header.name), header.name, `${path}.httpHeaders`, errors);
  }
}

export function validatePortNumOrName(port: number | string, path: string, errors: FieldError[]): void {
  invalidForEach(typeof port === 'string' ? portName(port) : portNum(port), port, path, errors);
}
