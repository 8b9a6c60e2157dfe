/** The scenarios that everybody has, as data: usual states of a cluster, and usual accidents. */
import type { Scenario } from '../../schema/fakelet/scenario.ts';

const image = 'scenario.fakelet.dev';

/** A Pod of one container `app`. `kind` names its image, by which behaviours find it. */
const pod = (name: string, kind: string, { container = {}, spec = {}, metadata = {} }: { container?: object; spec?: object; metadata?: object } = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { app: name }, ...metadata },
  spec: { containers: [{ name: 'app', image: `${image}/${kind}:1`, ports: [{ containerPort: 8080 }], ...container }], ...spec },
});

const deployment = (name: string, kind: string, replicas: number, container: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: { app: name } },
  spec: {
    replicas, selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: `${image}/${kind}:1`, ports: [{ containerPort: 8080 }], ...container }] } },
  },
});

const readinessProbe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 5 };
const of = (kind: string) => ({ image: `${image}/${kind}:*` });

const crashes = { selector: of('crash'), script: { log: [{ line: 'panic: no database' }], exits: [{ after: '1s', code: 1, message: 'panic: no database' }] } };
const pullFails = { selector: of('missing'), script: { pull: [{ result: 'notFound' as const }] } };
const startsSlowly = {
  selector: of('slow'),
  script: { start: { after: '10s' }, probes: { readiness: [{ result: 'failure' as const, output: 'warming up', for: '60s' }, { result: 'success' as const }] } },
};
const leaks = {
  selector: of('leak'),
  script: { usage: [{ cpu: '100m', memory: '40Mi', for: '20s' }, { cpu: '200m', memory: '80Mi', for: '20s' }, { cpu: '400m', memory: '160Mi' }] },
};
const flaps = { selector: of('flap'), script: { probes: { readiness: [{ result: 'success' as const, for: '30s' }, { result: 'failure' as const, output: 'overloaded', for: '30s' }] } } };
const limits = { resources: { limits: { memory: '128Mi' } } };
const web = {
  selector: of('web'),
  script: {
    listeners: [{ port: 8080, responses: [{ path: '/healthz', body: 'ok' }, { path: '*', body: 'hello\n' }] }],
    log: [{ line: 'listening on :8080' }], usage: [{ cpu: '20m', memory: '32Mi' }],
  },
};

export const scenarios: readonly Scenario[] = [
  {
    name: 'healthy-web-app', description: 'A Deployment of three ready Pods behind a Service.',
    behaviors: [web],
    objects: [
      { object: deployment('web', 'web', 3, { readinessProbe }) },
      { object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] } } },
    ],
  },
  { name: 'crash-loop', description: 'A container that ends a second after every start.', behaviors: [crashes], objects: [{ object: pod('crash', 'crash') }] },
  { name: 'image-pull-backoff', description: 'An image that no registry has.', behaviors: [pullFails], objects: [{ object: pod('missing', 'missing') }] },
  {
    name: 'slow-start', description: 'Ten seconds to start, another minute until it is ready.',
    behaviors: [startsSlowly], objects: [{ object: pod('slow', 'slow', { container: { readinessProbe } }) }],
  },
  { name: 'oom', description: 'A container that takes more and more memory until it is killed.', behaviors: [leaks], objects: [{ object: pod('leak', 'leak', { container: limits }) }] },
  { name: 'flapping-readiness', description: 'Ready for half a minute, not ready for the next, and so on.', behaviors: [flaps], objects: [{ object: pod('flap', 'flap', { container: { readinessProbe } }) }] },
  {
    name: 'stuck-terminating', description: 'A Pod that ignores SIGTERM and keeps a finalizer that nobody removes; deleted after ten seconds.',
    behaviors: [{ selector: of('stuck'), script: { signals: { TERM: 'ignore' } } }],
    objects: [{ object: pod('stuck', 'stuck', { metadata: { finalizers: ['scenario.fakelet.dev/left-behind'] } }) }],
    steps: [{ at: '10s', delete: { resource: 'pods', namespace: 'default', name: 'stuck' } }],
  },
  {
    name: 'node-failure', description: 'Three nodes and six Pods; after a minute node-1 is lost, ten minutes later it is back.', nodes: 3,
    behaviors: [web], objects: [{ object: deployment('web', 'web', 6, { readinessProbe }) }],
    steps: [{ at: '1m', node: { name: 'node-1', do: 'stop' } }, { at: '11m', node: { name: 'node-1', do: 'start' } }],
  },
  {
    name: 'rolling-churn', description: 'A Deployment that gets a new template every minute.',
    behaviors: [web], objects: [{ object: deployment('web', 'web', 4, { readinessProbe }) }],
    steps: [{
      at: '1m', every: '1m',
      patch: { resource: 'deployments.apps', namespace: 'default', name: 'web', merge: { spec: { template: { metadata: { annotations: { 'scenario.fakelet.dev/turn': '{n}' } } } } } },
    }],
  },
  {
    name: 'thousand-pods', description: '1,000 Pods: most run, others end, crash, wait, flap or leak, each in its own time.', nodes: 4,
    behaviors: [
      web, crashes, pullFails, startsSlowly, flaps, leaks,
      { selector: of('job'), script: { exits: [{ after: { min: '10s', max: '10m' } }] } },
      { selector: of('moody'), script: { exits: [{ after: { min: '1m', max: '30m' }, code: 2 }] } },
    ],
    objects: [
      { count: 600, object: pod('web', 'web') }, { count: 100, object: pod('job', 'job', { spec: { restartPolicy: 'Never' } }) },
      { count: 100, object: pod('moody', 'moody') }, { count: 50, object: pod('crash', 'crash') }, { count: 50, object: pod('missing', 'missing') },
      { count: 50, object: pod('slow', 'slow', { container: { readinessProbe } }) }, { count: 25, object: pod('flap', 'flap', { container: { readinessProbe } }) },
      { count: 25, object: pod('leak', 'leak', { container: limits }) },
    ],
  },
];
