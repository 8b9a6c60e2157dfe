/** `/metrics` in the Prometheus text format: how much is stored, asked and pending. */
import type { FastifyInstance } from 'fastify';

/** What the metrics are made of, read when somebody asks. */
export interface Measurable {
  measure(): {
    readonly revision: number;
    readonly pendingTimers: number;
    readonly clockSeconds: number;
    /** Resource name → live objects. */
    readonly objects: ReadonlyMap<string, number>;
    /** `verb code` → requests since the start. */
    readonly requests: ReadonlyMap<string, number>;
  };
}

/** As kube-apiserver says it; the escaping is Prometheus' own default. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';

export function metricsRoute(app: FastifyInstance, { cluster }: { cluster: Measurable }): void {
  app.get('/metrics', async (_request, reply) => {
    // Loaded by the first scrape: a start should not pay for it.
    const { default: { Gauge, Registry } } = await import('prom-client');
    const registry = new Registry();
    const gauge = (name: string, help: string, labelNames: string[] = []) => new Gauge({ name, help, labelNames, registers: [registry] });
    const { revision, pendingTimers, clockSeconds, objects, requests } = cluster.measure();
    gauge('fakelet_store_revision', 'Newest revision of the store.').set(revision);
    gauge('fakelet_clock_pending_timers', 'Timers that wait for their time.').set(pendingTimers);
    gauge('fakelet_clock_seconds', 'Clock time in seconds since 1970.').set(clockSeconds);
    const stored = gauge('apiserver_resource_objects', 'Number of stored objects at the time of the request.', ['resource']);
    for (const [resource, count] of objects) stored.set({ resource }, count);
    const asked = gauge('apiserver_request_total', 'Requests by method and response code.', ['verb', 'code']);
    for (const [key, count] of requests) {
      const [verb = '', code = ''] = key.split(' ');
      asked.set({ verb, code }, count);
    }
    return reply.header('content-type', contentType).send(await registry.metrics());
  });
}
