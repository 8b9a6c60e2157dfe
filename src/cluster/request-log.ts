/** What was asked of a cluster: a line of the journal for each request, and counts for the metrics. */
import type { ApiRequest, ApiResponse } from '../api/kube-api.ts';
import type { Clock } from '../clock/clock.ts';
import { faultHeader } from './faults/faults.ts';
import type { Journal } from './journal.ts';

export class RequestLog {
  /** `method status` → answers. */
  readonly counts = new Map<string, number>();
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** Notes the answer, and answers it. */
  note({ method, path, headers }: ApiRequest, response: ApiResponse): ApiResponse {
    const asked = `${method} ${response.status}`;
    this.counts.set(asked, (this.counts.get(asked) ?? 0) + 1);
    const fault = response.headers[faultHeader];
    this.#journal.add({
      at: this.#clock.now(), kind: 'request', method, path, status: response.status, userAgent: headers['user-agent'] ?? '',
      ...(typeof fault === 'string' ? { fault } : {}),
    });
    return response;
  }
}
