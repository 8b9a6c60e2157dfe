#!/usr/bin/env node
// Differential fuzz: the same seeded random requests go to two Kubernetes APIs; their normalised answers must be equal.
//   node diff-fuzz.mjs URL_A --record FILE [--seed 1] [--ops 1000]      records A's normalised answers
//   node diff-fuzz.mjs URL_B --against FILE                             compares B with a recording (same seed, ops and kinds)
//   node diff-fuzz.mjs URL_A URL_B [--seed 1] [--ops 1000] [--kinds pods,configmaps] [--token-a T] [--token-b T] [--out report.json] [--verbose]
// Run it once with the same real server as A and B: 0 differences proves the normalisation.
import fs from 'node:fs'; import http from 'node:http'; import https from 'node:https'; import path from 'node:path'; import zlib from 'node:zlib'; import { fileURLToPath } from 'node:url';
const here = path.dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2), opt = { seed: 1, ops: 1000, kinds: '', 'token-a': '', 'token-b': '' }, urls = [];
for (let i = 0; i < args.length; i++) if (args[i] === '--verbose') opt.verbose = true; else if (args[i].startsWith('--')) opt[args[i].slice(2)] = args[++i]; else urls.push(args[i]);
const recorded = opt.against ? JSON.parse(zlib.gunzipSync(fs.readFileSync(opt.against))) : null;
if (recorded) { opt.seed = recorded.seed; opt.ops = opt.ops === 1000 ? recorded.ops : Math.min(Number(opt.ops), recorded.ops); opt.kinds = recorded.kinds; }
const facts = JSON.parse(fs.readFileSync(path.join(here, '../../tools/facts/types.json'))).types;

// ---- seeded randomness (mulberry32)
let state = Number(opt.seed) * 2654435761 >>> 0;
const rnd = () => { state = (state + 0x6d2b79f5) >>> 0; let t = state; t = Math.imul(t ^ (t >>> 15), t | 1); t ^= t + Math.imul(t ^ (t >>> 7), t | 61); return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
const int = (n) => Math.floor(rnd() * n), pick = (list) => list[int(list.length)], chance = (p) => rnd() < p;

// ---- kinds and templates (pods are gated so that no kubelet interferes)
const container = (name) => ({ name, image: 'registry.test/a:1' });
const podSpec = () => ({ schedulingGates: [{ name: 'example.com/hold' }], containers: [container('a')] });
const KINDS = {
  pods: { api: '/api/v1', kind: 'Pod', apiVersion: 'v1', type: 'core/v1.Pod', weight: 6, make: () => ({ spec: podSpec() }) },
  configmaps: { api: '/api/v1', kind: 'ConfigMap', apiVersion: 'v1', type: 'core/v1.ConfigMap', weight: 2, make: () => ({ data: { k: 'v' } }) },
  secrets: { api: '/api/v1', kind: 'Secret', apiVersion: 'v1', type: 'core/v1.Secret', weight: 1, make: () => ({ data: { k: 'dg==' } }) },
  services: { api: '/api/v1', kind: 'Service', apiVersion: 'v1', type: 'core/v1.Service', weight: 1, make: () => ({ spec: { clusterIP: 'None', ports: [{ port: 80 }] } }) },
  podtemplates: { api: '/api/v1', kind: 'PodTemplate', apiVersion: 'v1', type: 'core/v1.PodTemplate', weight: 2, make: () => ({ template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container('a')] } } }) },
  events: { api: '/api/v1', kind: 'Event', apiVersion: 'v1', type: 'core/v1.Event', weight: 1, make: (ns) => ({ involvedObject: { kind: 'Pod', name: 'x', namespace: ns }, reason: 'R', message: 'm', type: 'Normal' }) },
  leases: { api: '/apis/coordination.k8s.io/v1', kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', type: 'coordination/v1.Lease', weight: 1, make: () => ({ spec: { holderIdentity: 'h', leaseDurationSeconds: 10 } }) },
  replicasets: { api: '/apis/apps/v1', kind: 'ReplicaSet', apiVersion: 'apps/v1', type: 'apps/v1.ReplicaSet', weight: 1, make: () => ({ spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container('a')] } } } }), controlled: true },
  deployments: { api: '/apis/apps/v1', kind: 'Deployment', apiVersion: 'apps/v1', type: 'apps/v1.Deployment', weight: 2, make: () => ({ spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container('a')] } } } }), controlled: true },
  statefulsets: { api: '/apis/apps/v1', kind: 'StatefulSet', apiVersion: 'apps/v1', type: 'apps/v1.StatefulSet', weight: 1, make: () => ({ spec: { replicas: 0, serviceName: 's', selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container('a')] } } } }), controlled: true },
  daemonsets: { api: '/apis/apps/v1', kind: 'DaemonSet', apiVersion: 'apps/v1', type: 'apps/v1.DaemonSet', weight: 1, make: () => ({ spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container('a')] } } } }), controlled: true },
  jobs: { api: '/apis/batch/v1', kind: 'Job', apiVersion: 'batch/v1', type: 'batch/v1.Job', weight: 2, make: () => ({ spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [container('a')] } } } }), controlled: true },
  cronjobs: { api: '/apis/batch/v1', kind: 'CronJob', apiVersion: 'batch/v1', type: 'batch/v1.CronJob', weight: 1, make: () => ({ spec: { suspend: true, schedule: '0 0 1 1 *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container('a')] } } } } } }), controlled: true },
  roles: { api: '/apis/rbac.authorization.k8s.io/v1', kind: 'Role', apiVersion: 'rbac.authorization.k8s.io/v1', type: 'rbac/v1.Role', weight: 1, make: () => ({ rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }), controlled: true },
  endpointslices: { api: '/apis/discovery.k8s.io/v1', kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', type: 'discovery/v1.EndpointSlice', weight: 1, make: () => ({ addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ name: 'http', port: 80 }] }), controlled: true },
  persistentvolumeclaims: { api: '/api/v1', kind: 'PersistentVolumeClaim', apiVersion: 'v1', type: 'core/v1.PersistentVolumeClaim', weight: 1, make: () => ({ spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }), controlled: true },
  serviceaccounts: { api: '/api/v1', kind: 'ServiceAccount', apiVersion: 'v1', type: 'core/v1.ServiceAccount', weight: 1, make: () => ({}), controlled: true },
  limitranges: { api: '/api/v1', kind: 'LimitRange', apiVersion: 'v1', type: 'core/v1.LimitRange', weight: 1, make: () => ({ spec: { limits: [{ type: 'Pod', max: { cpu: '2' } }] } }), controlled: true },
  networkpolicies: { api: '/apis/networking.k8s.io/v1', kind: 'NetworkPolicy', apiVersion: 'networking.k8s.io/v1', type: 'networking/v1.NetworkPolicy', weight: 1, make: () => ({ spec: { podSelector: {} } }) },
  poddisruptionbudgets: { api: '/apis/policy/v1', kind: 'PodDisruptionBudget', apiVersion: 'policy/v1', type: 'policy/v1.PodDisruptionBudget', weight: 1, make: () => ({ spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } } }), controlled: true },
}; // 'controlled' kinds only when asked for: name them with --kinds where nothing else writes them
const chosen = (opt.kinds ? opt.kinds.split(',') : Object.keys(KINDS).filter((k) => !KINDS[k].controlled));
const weighted = chosen.flatMap((k) => Array(KINDS[k].weight).fill(k));

// ---- random values by type
const STRINGS = ['', 'a', 'web', 'b-1', 'UPPER', 'a.b/c', 'example.com/x', 'x'.repeat(64), 'x'.repeat(254), 'ü', 'a_b', '-a', 'Always', 'Never', 'OnFailure', 'TCP', 'UDP', 'None', 'NoSchedule', 'Exists', 'Equal', '1', 'true', '/tmp', '../x', '10.0.0.1'];
const INTS = [0, 1, 2, 5, 30, 80, 443, 8080, 65535, 65536, -1, 2147483647, 2147483648, 1000];
const QUANTITIES = ['1', '0', '100m', '1Gi', '0.5', '-1', '1e3', '1.5Gi', '2k', '123456789', 'abc', '', '1 Gi', '0.0001', 100, 1.5];
const LABELS = () => Object.fromEntries(Array.from({ length: int(3) }, () => [pick(['a', 'app', 'example.com/x', 'bad key', 'k'.repeat(64)]), pick(['b', '', 'web', 'bad value!', 'v'.repeat(64)])]));
function valueOf(type, depth) {
  type = type.replace(/^\*/, '');
  if (type === '[]byte') return pick(['dg==', '', '!!!', 'YWJj']);
  if (type.startsWith('[]')) return Array.from({ length: chance(0.2) ? 0 : 1 + int(2) }, () => valueOf(type.slice(2), depth - 1));
  if (type.startsWith('map[string]')) { const inner = type.slice(11); return inner === 'string' ? LABELS() : Object.fromEntries(Array.from({ length: 1 + int(2) }, () => [pick(['cpu', 'memory', 'k', 'example.com/gpu', 'bad key', 'ephemeral-storage', 'hugepages-2Mi']), valueOf(inner, depth - 1)])); }
  if (type === 'string') return pick(STRINGS);
  if (type === 'bool') return chance(0.5);
  if (/^u?int(32|64)?$/.test(type)) return pick(INTS);
  if (type.startsWith('float')) return pick([0, 1.5, -1]);
  if (type.endsWith('.Quantity')) return pick(QUANTITIES);
  if (type.endsWith('.IntOrString')) return pick([80, 0, -1, 'http', '50%', '', 70000, 'x y']);
  if (type.endsWith('.Time') || type.endsWith('.MicroTime')) return pick(['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.123456Z', null, 'yesterday', '2020-01-01T02:00:00+02:00']);
  const fields = facts[type]?.fields; if (!fields || depth <= 0) return {};
  const out = {};
  for (const f of fields) if (f.name && chance(f.required ? 0.9 : 1.6 / fields.length)) out[f.name] = f.enum && chance(0.7) ? pick(f.enum) : valueOf(f.type, depth - 1);
  return out;
}
const WRONG = ['str', 7, true, [], {}, null, [1], { x: 1 }, 1.5];
// An edit walks the type tree to a random field and sets, removes, nulls or breaks it. It is a function, so that it can be applied to both sides' own objects.
function makeEdit(rootType) {
  const steps = []; let type = rootType;
  for (;;) {
    const fields = (facts[type]?.fields ?? []).filter((f) => f.name && !['status', 'managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'schedulingGates', 'namespace', 'name', 'generateName', 'selfLink', 'nodeName', 'deletionTimestamp'].includes(f.name) || f.name === 'name' && type !== 'meta/v1.ObjectMeta');
    if (!fields.length) break;
    const spec = fields.find((f) => f.name === 'spec' || f.name === 'template'); const field = spec && chance(0.75) ? spec : pick(fields);
    const base = field.type.replace(/^\*/, ''), element = base.startsWith('[]') ? base.slice(2) : base;
    steps.push({ field, list: base.startsWith('[]') && facts[element]?.fields, at: int(2) });
    if (!facts[element]?.fields || (steps.length > 1 && chance(0.35))) break;
    type = element;
  }
  const last = steps[steps.length - 1].field;
  const action = chance(0.72) ? 'set' : pick(['delete', 'null', 'wrong', 'unknown', 'delete']);
  const value = action === 'wrong' ? pick(WRONG) : last.enum && chance(0.6) ? pick(last.enum) : valueOf(last.type, 3);
  return { path: steps.map((s) => s.field.name + (s.list ? `[${s.at}]` : '')).join('.'), action, value, run(object) {
    let at = object;
    for (const [i, step] of steps.entries()) {
      const end = i === steps.length - 1, name = step.field.name;
      if (end) { if (action === 'delete') delete at[name]; else if (action === 'null') at[name] = null; else if (action === 'unknown') at[`${name}X`] = 1; else at[name] = structuredClone(value); return; }
      if (step.list) { if (!Array.isArray(at[name])) at[name] = []; if (!at[name].length) at[name].push({}); at = at[name][Math.min(step.at, at[name].length - 1)]; }
      else { if (typeof at[name] !== 'object' || at[name] === null) at[name] = {}; at = at[name]; }
      if (typeof at !== 'object' || at === null) return;
    }
  } };
}

// ---- the two sides
class Side {
  constructor(url, token, ns) { this.url = new URL(url); this.token = token; this.ns = ns; this.lib = this.url.protocol === 'https:' ? https : http; this.agent = new this.lib.Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false }); }
  send(method, p, body, type) {
    const data = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const req = this.lib.request({ method, agent: this.agent, host: this.url.hostname, port: this.url.port, path: this.url.pathname.replace(/\/$/, '') + p, rejectUnauthorized: false, headers: { accept: 'application/json', 'user-agent': 'diff-fuzz', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...(data !== undefined ? { 'content-type': type ?? 'application/json', 'content-length': Buffer.byteLength(data) } : {}) } }, (res) => {
        let text = ''; res.setEncoding('utf8'); res.on('data', (c) => (text += c)); res.on('end', () => { let json; try { json = JSON.parse(text); } catch { json = text; } resolve({ status: res.statusCode, warning: res.headers.warning, body: json }); });
      });
      req.on('error', () => resolve({ status: 0 })); req.end(data); // the real server panics on a few inputs and drops the connection
    });
  }
}
const run = `${Date.now().toString(36)}`;
const sides = [new Side(urls[0], opt['token-a'], `fz${opt.seed}a${run}`)];
if (urls[1]) sides.push(new Side(urls[1], opt['token-b'], `fz${opt.seed}b${run}`));
const recording = [];
const KEEP = /^(2020-01-01)/;
function normal(value, side, key) {
  if (typeof value === 'string') {
    if (key === 'uid' || key === 'resourceVersion' && value) return `<${key}>`;
    if (key === 'continue' && value) return '<continue>';
    let s = value.split(side.ns).join('<ns>').replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>');
    s = s.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (t) => (KEEP.test(t) ? t : '<time>'));
    s = s.replace(/(failed to create typed patch object \([^)]*\)):[\s\S]*/, '$1'); // which error comes first varies
    s = s.replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<gen>');
    s = s.replace(/\bg-[a-z0-9]{5}\b/g, 'g-<gen>').replace(/(resourceVersion\\*":\\*")\d+/g, '$1<rv>').replace(/(time\\*":\\*")[^"\\]*/g, '$1<time>');
    s = s.replace(/(may not change fields other than[^\n]*)\n[\s\S]*$/, '$1\n<diff>').replace(/(Precondition failed: [^0-9]*)\d+/g, '$1<rv>');
    return s;
  }
  if (key === 'managedFields' && Array.isArray(value)) { // which second a write fell in decides how entries are split: compare their union
    const groups = new Map(), union = (a, b) => { for (const [k, v] of Object.entries(b ?? {})) a[k] = union(a[k] ?? {}, v); return a; };
    for (const e of value) { const id = `${e?.manager}|${e?.operation}|${e?.apiVersion}|${e?.subresource ?? ''}`; groups.set(id, union(groups.get(id) ?? {}, e?.fieldsV1)); }
    return Object.fromEntries([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (Array.isArray(value)) return value.map((v) => normal(v, side));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k.split(side.ns).join('<ns>'), normal(v, side, k)]));
  return value;
}
function difference(a, b, at = '') {
  if (Object.is(a, b)) return null;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return { at, a, b };
  for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) { const d = difference(a[k], b[k], `${at}.${k}`); if (d) return d; }
  return null;
}

// ---- operations
const NAMES = ['n0', 'n1'];
function plan() {
  const resource = pick(weighted), def = KINDS[resource], name = pick(NAMES);
  const query = [chance(0.1) && 'dryRun=All', chance(0.35) && `fieldValidation=${pick(['Ignore', 'Warn', 'Strict'])}`, chance(0.2) && `fieldManager=${pick(['m1', 'm2', 'bad/manager'])}`].filter(Boolean);
  const q = (extra = []) => { const all = [...query.filter((x) => !extra.some((e) => e.startsWith(x.split('=')[0] + '='))), ...extra]; return all.length ? `?${all.join('&')}` : ''; };
  const edits = Array.from({ length: int(4) }, () => makeEdit(def.type));
  const fresh = (side) => { const o = { apiVersion: def.apiVersion, kind: def.kind, metadata: { name }, ...def.make(side.ns) }; for (const e of edits) e.run(o); return o; };
  const what = edits.map((e) => `${e.action} ${e.path}`).join('; ');
  const url = (side, sub = '') => `${def.api}/namespaces/${side.ns}/${resource}${sub}`;
  const sparse = () => { const o = {}; for (const e of edits) e.run(o); return o; };
  const kind = pick(['create', 'create', 'create', 'create', 'put', 'put', 'merge', 'merge', 'strategic', 'strategic', 'json', 'apply', 'apply', 'apply', 'delete', 'delete', 'list', 'get', 'status']);
  switch (kind) {
    case 'create': { const gen = chance(0.1); return { label: `${resource} create ${what}`, send: (s) => { const o = fresh(s); if (gen) { o.metadata.generateName = 'g-'; delete o.metadata.name; } return gen ? s.send('POST', url(s) + '?dryRun=All', o).then((r) => { if (r.body?.metadata?.name) r.body.metadata.name = r.body.metadata.name.slice(0, 2); return r; }) : s.send('POST', url(s) + q(), o); } }; }
    case 'put': return { label: `${resource} put ${what}`, send: async (s) => { const live = await s.send('GET', url(s, `/${name}`)); const o = live.status === 200 ? live.body : fresh(s); if (live.status === 200) for (const e of edits) e.run(o); return s.send('PUT', url(s, `/${name}`) + q(), o); } };
    case 'merge': return { label: `${resource} merge-patch ${what}`, send: (s) => s.send('PATCH', url(s, `/${name}`) + q(), sparse(), 'application/merge-patch+json') };
    case 'strategic': return { label: `${resource} strategic-patch ${what}`, send: (s) => s.send('PATCH', url(s, `/${name}`) + q(), sparse(), 'application/strategic-merge-patch+json') };
    case 'json': { const ops = edits.map((e) => ({ op: pick(['add', 'replace', 'remove', 'test', 'add']), path: '/' + e.path.replace(/\[(\d)\]/g, '.$1').split('.').map((x) => x.replaceAll('/', '~1')).join('/'), value: e.value })); return { label: `${resource} json-patch ${JSON.stringify(ops).slice(0, 160)}`, send: (s) => s.send('PATCH', url(s, `/${name}`) + q(), ops, 'application/json-patch+json') }; }
    case 'apply': { const manager = pick(['m1', 'm2', 'm3']), force = chance(0.4), whole = chance(0.7); return { label: `${resource} apply by ${manager}${force ? ' forced' : ''} ${whole ? 'whole' : 'sparse'} ${what}`, send: (s) => s.send('PATCH', url(s, `/${name}`) + q([`fieldManager=${manager}`, ...(force ? ['force=true'] : [])]), whole ? fresh(s) : { apiVersion: def.apiVersion, kind: def.kind, metadata: { name }, ...sparse() }, 'application/apply-patch+yaml') }; }
    case 'delete': { const body = chance(0.3) ? { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: pick([0, 0, 1, 30, -1]), propagationPolicy: pick(['Background', 'Nope', undefined]) } : undefined; return { label: `${resource} delete ${JSON.stringify(body ?? '')}`, send: (s) => s.send('DELETE', url(s, `/${name}`) + q(), body) }; }
    case 'list': { const sel = pick(['', '?labelSelector=a%3Db', '?labelSelector=app%20in%20(x,b)', '?labelSelector=!a', '?fieldSelector=metadata.name%3Dn1', '?fieldSelector=spec.nodeName%3D', '?fieldSelector=nope%3D1', '?limit=1', '?labelSelector=a%3D%3D%3Db', '?fieldSelector=status.phase!%3DRunning']); return { label: `${resource} list ${sel}`, send: (s) => s.send('GET', url(s) + sel) }; }
    case 'get': return { label: `${resource} get`, send: (s) => s.send('GET', url(s, `/${name}`)) };
    default: { const patch = { status: { conditions: [{ type: pick(['Ready', 'example.com/gate', 'bad type']), status: pick(['True', 'False', 'Maybe']) }], phase: pick(['Running', 'Pending', 'Nope']) } }; return { label: `${resource} status merge-patch`, send: (s) => s.send('PATCH', url(s, `/${name}/status`) + q(), patch, 'application/merge-patch+json') }; }
  }
}

for (const s of sides) { const r = await s.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: s.ns } }); if (r.status !== 201) throw new Error(`namespace: ${r.status} ${JSON.stringify(r.body)}`); await s.send('POST', `/api/v1/namespaces/${s.ns}/serviceaccounts`, { metadata: { name: 'default' } }); }
const report = { seed: opt.seed, ops: 0, ok: 0, byStatus: {}, differences: [] };
for (let n = 0; n < Number(opt.ops); n++) {
  const op = plan();
  const [a, b] = await Promise.all(sides.map(async (s) => { const r = normal(await op.send(s), s); // errors found in one map come in random order
    if (r.body?.details?.causes) { r.body.details.causes.sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1)); r.body.message = r.body.message.split(', ').map((x) => x.replace(/^.*? is invalid: \[?|\]$/g, '')).sort().join(', '); }
    return r; })).then((answers) => (recorded ? [recorded.answers[n], answers[0]] : opt.record ? [answers[0], answers[0]] : answers));
  if (opt.record) recording.push(a);
  report.ops++; report.byStatus[a.status] = (report.byStatus[a.status] ?? 0) + 1;
  const d = a.status === 0 ? null : difference(a, b); // nothing to compare with where the real server gave no answer
  if (d) { report.differences.push({ n, label: op.label, statusA: a.status, statusB: b.status, ...d, messageA: a.body?.message, messageB: b.body?.message }); if (opt.verbose) console.log(`#${n} ${op.label}\n   ${a.status}/${b.status} at ${d.at}\n   A ${JSON.stringify(d.a)?.slice(0, 300)}\n   B ${JSON.stringify(d.b)?.slice(0, 300)}`); }
  else report.ok++;
}
for (const s of sides) await s.send('DELETE', `/api/v1/namespaces/${s.ns}`);
if (opt.record) fs.writeFileSync(opt.record, zlib.gzipSync(JSON.stringify({ seed: opt.seed, ops: Number(opt.ops), kinds: opt.kinds, answers: recording }), { level: 9 }));
if (opt.out) fs.writeFileSync(opt.out, JSON.stringify(report, null, 1));
console.log(`seed ${opt.seed}: statuses ${JSON.stringify(report.byStatus)}`);
console.log(`${report.ok} passed, ${report.differences.length} failed`);
process.exit(report.differences.length ? 1 : 0);
