/** HTTP requests of probes and hooks (probe/http/request.go). */
import type { ContainerPort, HTTPGetAction } from '../../schema/core/v1.ts';
import type { HttpRequest } from '../../runtime/runtime.ts';

/** A port number, or why there is none. */
export function resolvePort(port: number | string, ports: readonly ContainerPort[] | undefined): number | string {
  const number = typeof port === 'number' ? port : ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (Number.isNaN(number)) return `couldn't find port: ${JSON.stringify(port)} in container`;
  return number > 0 && number < 65536 ? number : `invalid port number: ${number}`;
}

export function httpRequest(action: HTTPGetAction, port: number, podIP: string, timeoutMs: number, userAgent: string): HttpRequest {
  const path = action.path === undefined || action.path === '' ? '/' : action.path;
  const headers = (action.httpHeaders ?? []).map(({ name, value }) => [name, value] as const);
  const has = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
  return {
    method: 'GET',
    scheme: action.scheme === 'HTTPS' ? 'HTTPS' : 'HTTP',
    ip: action.host === undefined || action.host === '' ? podIP : action.host,
    port,
    path: path.startsWith('/') ? path : `/${path}`,
    headers: [
      ...headers,
      ...(has('user-agent') ? [] : [['User-Agent', userAgent] as const]),
      ...(has('accept') ? [] : [['Accept', '*/*'] as const]),
    ],
    timeoutMs,
  };
}
