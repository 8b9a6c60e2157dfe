import { describe, expect, test } from 'vitest';
import { node, pod, podAsking } from '../objects.ts';
import { outcome } from './world.ts';

const hopeless = (reasons: string, nodes = 1) =>
  `0/${nodes} nodes are available: ${reasons}. no new claims to deallocate, preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
const noVictims = (reasons: string) =>
  `0/1 nodes are available: ${reasons}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`;
const on = (nodeName: string, name: string, spec: object = {}, metadata: object = {}) => pod(name, { nodeName, ...spec }, metadata);
const affinity = (kind: string, topologyKey: string, more: object = {}) => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels: { app: 'x' } }, ...more }] } },
});
const appX = { labels: { app: 'x' } };

describe('filters that look at the node', () => {
  test('there are no nodes', () => {
    expect(outcome({}, pod('p'))).toBe('no nodes available to schedule pods');
  });

  test('an unschedulable node takes only Pods that tolerate its taint', () => {
    const nodes = [node('n1', { spec: { unschedulable: true } })];
    expect(outcome({ nodes }, pod('p'))).toBe(hopeless('1 node(s) were unschedulable'));
    expect(outcome({ nodes }, pod('p', { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] }))).toBe('n1');
  });

  test('a taint is named neither by key nor by value (golden 190-sched-toleration-added)', () => {
    const nodes = [node('n1', { spec: { taints: [{ key: 'example.com/t', value: 'v', effect: 'NoSchedule' }] } })];
    expect(outcome({ nodes }, pod('p'))).toBe(hopeless('1 node(s) had untolerated taint(s)'));
    expect(outcome({ nodes }, pod('p', { tolerations: [{ key: 'example.com/t', value: 'v' }] }))).toBe('n1');
    expect(outcome({ nodes }, pod('p', { tolerations: [{ key: 'example.com/t', value: 'w' }] }))).toBe(hopeless('1 node(s) had untolerated taint(s)'));
  });

  test('node selector and node affinity must match', () => {
    const nodes = [node('n1', { labels: { disk: 'ssd', cores: '8' } })];
    const terms = (...nodeSelectorTerms: object[]) =>
      ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
    const wrong = hopeless("1 node(s) didn't match Pod's node affinity/selector");
    expect(outcome({ nodes }, pod('p', { nodeSelector: { disk: 'hdd' } }))).toBe(wrong);
    expect(outcome({ nodes }, pod('p', { nodeSelector: { disk: 'ssd' } }))).toBe('n1');
    expect(outcome({ nodes }, pod('p', terms({ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['8'] }] })))).toBe(wrong);
    expect(outcome({ nodes }, pod('p', terms({}, { matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['4'] }] })))).toBe('n1');
    expect(outcome({ nodes }, pod('p', terms({})))).toBe(wrong);
  });

  test('nodes that a Pod does not name are not looked at', () => {
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] }];
    const spec = { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } };
    expect(outcome({ nodes: [node('n1'), node('n2')] }, pod('p', spec))).toBe('n2');
    expect(outcome({ nodes: [node('n1'), node('n3')] }, pod('p', spec))).toBe(hopeless("2 node(s) didn't satisfy plugin(s) [NodeAffinity]", 2));
  });
});

describe('filters for resources', () => {
  test('more than the node has is hopeless, more than is left is not (golden 183, 191)', () => {
    const nodes = [node('n1')];
    expect(outcome({ nodes }, podAsking('p', { cpu: '500' }))).toBe(hopeless('1 Insufficient cpu'));
    expect(outcome({ nodes, pods: [podAsking('o', { memory: '5Gi' }, { nodeName: 'n1' })] }, podAsking('p', { memory: '5Gi' })))
      .toBe(noVictims('1 Insufficient memory'));
  });

  test('all short resources are named, counted over nodes and sorted as text', () => {
    const nodes = [node('n1', { allocatable: { pods: '0' } }), node('n2'), node('n3', { allocatable: { cpu: '9' } })];
    expect(outcome({ nodes }, podAsking('p', { cpu: '8', memory: '9Gi', 'example.com/gpu': '1' })))
      .toBe(hopeless('1 Too many pods, 2 Insufficient cpu, 3 Insufficient example.com/gpu, 3 Insufficient memory', 3));
  });

  test('init containers count by their greatest, sidecars beside the others, overhead on top', () => {
    const ask = (cpu: string, more: object = {}) => ({ name: `c${cpu}`, image: 'i', resources: { requests: { cpu } }, ...more });
    const spec = { containers: [ask('1')], initContainers: [ask('1500m', { restartPolicy: 'Always' }), ask('2')], overhead: { cpu: '500m' } };
    expect(outcome({ nodes: [node('n1', { allocatable: { cpu: '4' } })] }, pod('p', spec))).toBe('n1');
    expect(outcome({ nodes: [node('n1', { allocatable: { cpu: '3999m' } })] }, pod('p', spec))).toBe(hopeless('1 Insufficient cpu'));
  });

  test('requests of the whole Pod replace those of its containers', () => {
    const spec = { resources: { requests: { cpu: '5' } } };
    expect(outcome({ nodes: [node('n1')] }, podAsking('p', { cpu: '1' }, spec))).toBe(hopeless('1 Insufficient cpu'));
  });

  test('a host port is taken on its address, protocol and number', () => {
    const port = (more: object = {}) => ({ containers: [{ name: 'a', image: 'i', ports: [{ containerPort: 80, hostPort: 80, ...more }] }] });
    const world = { nodes: [node('n1')], pods: [on('n1', 'o', port({ hostIP: '10.0.0.1' }))] };
    expect(outcome(world, pod('p', port()))).toBe(noVictims("1 node(s) didn't have free ports for the requested pod ports"));
    expect(outcome(world, pod('p', port({ hostIP: '10.0.0.2' })))).toBe('n1');
    expect(outcome(world, pod('p', port({ protocol: 'UDP' })))).toBe('n1');
  });
});

describe('filters for other Pods', () => {
  const zones = ['a', 'b'].map((zone) => node(`n${zone}`, { labels: { zone } }));

  test('affinity wants a matching Pod in the same domain, or to be the first of its kind', () => {
    const world = { nodes: zones, pods: [on('na', 'o', {}, appX)] };
    expect(outcome(world, pod('p', affinity('podAffinity', 'zone')))).toBe('na');
    expect(outcome({ nodes: zones }, pod('p', affinity('podAffinity', 'zone'))))
      .toBe(hopeless("2 node(s) didn't match pod affinity rules", 2));
    expect(outcome({ nodes: [zones[1]!] }, pod('p', affinity('podAffinity', 'zone'), appX))).toBe('nb');
  });

  test('anti-affinity keeps away from matching Pods, and theirs keeps the Pod away (golden 186-sched-anti-affinity)', () => {
    const nodes = [zones[0]!];
    expect(outcome({ nodes, pods: [on('na', 'o', {}, appX)] }, pod('p', affinity('podAntiAffinity', 'zone'))))
      .toBe(noVictims("1 node(s) didn't match pod anti-affinity rules"));
    expect(outcome({ nodes, pods: [on('na', 'o', affinity('podAntiAffinity', 'zone'))] }, pod('p', {}, appX)))
      .toBe(noVictims("1 node(s) didn't satisfy existing pods anti-affinity rules"));
  });

  test('a term looks into its own namespaces only', () => {
    const pods = [on('na', 'o', {}, { ...appX, namespace: 'other' })];
    const objects = { namespaces: [{ metadata: { name: 'other', labels: { team: 't' } } }] };
    const away = (more: object) => outcome({ nodes: [zones[0]!], pods, objects }, pod('p', affinity('podAntiAffinity', 'zone', more)));
    const kept = noVictims("1 node(s) didn't match pod anti-affinity rules");
    expect(away({})).toBe('na');
    expect(away({ namespaces: ['other'] })).toBe(kept);
    expect(away({ namespaceSelector: { matchLabels: { team: 't' } } })).toBe(kept);
    expect(away({ namespaceSelector: { matchLabels: { team: 'u' } } })).toBe('na');
  });

  test('topology spread bounds the skew between domains', () => {
    const spread = (more: object = {}) => ({
      topologySpreadConstraints: [{
        maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'x' } }, ...more,
      }],
    });
    const pods = [on('na', 'o', {}, appX)];
    expect(outcome({ nodes: zones, pods }, pod('p', spread(), appX))).toBe('nb');
    expect(outcome({ nodes: [zones[0]!], pods }, pod('p', spread({ minDomains: 2 }), appX)))
      .toBe(noVictims("1 node(s) didn't match pod topology spread constraints"));
    expect(outcome({ nodes: [node('n1')] }, pod('p', spread(), appX)))
      .toBe(hopeless("1 node(s) didn't match pod topology spread constraints (missing required label)"));
  });
});

describe('stored selectors that are none', () => {
  const fault = `values[0][app]: Invalid value: "not valid": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', `
    + "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  const labelSelector = { matchLabels: { app: 'not valid' } };
  const zones = [node('na', { labels: { zone: 'a' } }), node('nb', { labels: { zone: 'b' } })];

  test('a Pod with such an affinity fits nowhere, and says why', () => {
    const nodes = [node('n1')];
    expect(outcome({ nodes }, pod('p', affinity('podAffinity', 'zone', { labelSelector }))))
      .toBe(`0/1 nodes are available: parsing pod: requiredAffinityTerms: ${fault}. not found`);
    const both = { affinity: { ...affinity('podAffinity', 'zone', { labelSelector }).affinity, ...affinity('podAntiAffinity', 'zone', { labelSelector }).affinity } };
    expect(outcome({ nodes }, pod('p', both)))
      .toBe(`0/1 nodes are available: parsing pod: [requiredAffinityTerms: ${fault}, requiredAntiAffinityTerms: ${fault}]. not found`);
  });

  test('a Pod that runs with such an anti-affinity keeps nobody away', () => {
    const pods = [on('n1', 'o', affinity('podAntiAffinity', 'kubernetes.io/hostname', { labelSelector }))];
    expect(outcome({ nodes: [node('n1')], pods }, pod('p', {}, appX))).toBe('n1');
  });

  test('such a spread constraint is an error, a soft one only where there is a choice', () => {
    const spread = (whenUnsatisfiable: string) => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable, labelSelector }] });
    expect(() => outcome({ nodes: zones }, pod('p', spread('DoNotSchedule'))))
      .toThrow(`running PreFilter plugin "PodTopologySpread": obtaining pod's hard topology spread constraints: ${fault}`);
    expect(() => outcome({ nodes: zones }, pod('p', spread('ScheduleAnyway'))))
      .toThrow(`running PreScore plugin "PodTopologySpread": calculating preScoreState: obtaining pod's soft topology spread constraints: ${fault}`);
    expect(outcome({ nodes: [zones[0]!] }, pod('p', spread('ScheduleAnyway')))).toBe('na');
  });
});

describe('filters for volumes', () => {
  const using = (claimName: string) => ({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] });
  const claim = (name: string, more: { spec?: object; status?: object; metadata?: object } = {}) =>
    ({ metadata: { name, namespace: 'default', ...more.metadata }, spec: { accessModes: ['ReadWriteOnce'], ...more.spec }, status: more.status ?? {} });
  const world = (persistentvolumeclaims: object[], more: Record<string, object[]> = {}) =>
    ({ nodes: [node('n1', { labels: { zone: 'a' } })], objects: { persistentvolumeclaims, ...more } });

  test('a missing claim is reported without preemption (golden sched-pvc-missing)', () => {
    expect(outcome(world([]), pod('p', using('none')))).toBe('0/1 nodes are available: persistentvolumeclaim "none" not found. not found');
  });

  test('a claim that is being deleted, unbound or lost keeps the Pod waiting', () => {
    const deleted = claim('c', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(outcome(world([deleted]), pod('p', using('c')))).toBe('0/1 nodes are available: persistentvolumeclaim "c" is being deleted. not found');
    expect(outcome(world([claim('c')]), pod('p', using('c'))))
      .toBe('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found');
    const lost = claim('c', { spec: { volumeName: 'pv' }, status: { phase: 'Lost' } });
    expect(outcome(world([lost]), pod('p', using('c'))))
      .toBe('0/1 nodes are available: persistentvolumeclaim "c" bound to non-existent persistentvolume "pv". not found');
  });

  test('a bound volume decides which nodes will do', () => {
    const bound = claim('c', { spec: { volumeName: 'pv' }, status: { phase: 'Bound' } });
    const volume = (zone: string) => ({
      metadata: { name: 'pv' },
      spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [zone] }] }] } } },
    });
    expect(outcome(world([bound], { persistentvolumes: [volume('a')] }), pod('p', using('c')))).toBe('n1');
    expect(outcome(world([bound], { persistentvolumes: [volume('b')] }), pod('p', using('c'))))
      .toBe(hopeless("1 node(s) didn't match PersistentVolume's node affinity"));
    expect(outcome(world([bound]), pod('p', using('c'))))
      .toBe(hopeless('1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'));
  });

  test('a ReadWriteOncePod claim serves one Pod', () => {
    const objects = { persistentvolumeclaims: [claim('c', { spec: { accessModes: ['ReadWriteOncePod'], volumeName: 'pv' }, status: { phase: 'Bound' } })] };
    const pods = [on('n1', 'o', using('c'))];
    expect(outcome({ nodes: [node('n1')], pods, objects: { ...objects, persistentvolumes: [{ metadata: { name: 'pv' }, spec: {} }] } }, pod('p', using('c'))))
      .toBe(noVictims('1 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'));
  });
});
