/** Makes a request come too late: its place in the history becomes one that was forgotten long ago. */
import { ApiError } from '../../api/errors.ts';
import type { ApiRequest } from '../../api/kube-api.ts';
import { decodeContinue, encodeContinue } from '../../api/list/continue-token.ts';

/** Older than the first revision of every cluster. */
const forgotten = 1;

/** The request, too late; one that names no place in the history stays as it is. */
export function expire(request: ApiRequest): ApiRequest {
  const parameters = new URLSearchParams(request.query);
  const token = parameters.get('continue') ?? '';
  if (token !== '') {
    try {
      parameters.set('continue', encodeContinue({ ...decodeContinue(token), revision: forgotten }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  } else if (!['', '0'].includes(parameters.get('resourceVersion') ?? '')) parameters.set('resourceVersion', String(forgotten));
  else return request;
  return { ...request, query: parameters.toString() };
}
