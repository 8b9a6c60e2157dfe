/**
 * The objects of API priority and fairness that every cluster has: two priority levels and two flow schemas whose specs nobody may
 * change (the API's rules compare with them), and those that a server suggests (apiserver/pkg/apis/flowcontrol/bootstrap).
 */
import type { FlowSchemaSpec, PriorityLevelConfigurationSpec, Subject } from './flowcontrol/v1.ts';

type Rule = NonNullable<FlowSchemaSpec['rules']>[number];
type ResourceRule = NonNullable<Rule['resourceRules']>[number];

const limited = (nominalConcurrencyShares: number, lendablePercent: number, queues: number, handSize: number): PriorityLevelConfigurationSpec => ({
  type: 'Limited',
  limited: {
    nominalConcurrencyShares, lendablePercent,
    limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } },
  },
});

/** By name. */
export const mandatoryPriorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  'catch-all': { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' }, lendablePercent: 0 } },
  'exempt': { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
};

/** By name, in the order in which they are made. */
export const suggestedPriorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  'system': limited(30, 33, 64, 6),
  'node-high': limited(40, 25, 64, 6),
  'leader-election': limited(10, 0, 16, 4),
  'workload-high': limited(40, 50, 128, 6),
  'workload-low': limited(100, 90, 128, 6),
  'global-default': limited(20, 50, 128, 6),
};

const group = (name: string): Subject => ({ kind: 'Group', group: { name } });
const user = (name: string): Subject => ({ kind: 'User', user: { name } });
const systemServiceAccounts: Subject = { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } };
const everyone = [group('system:unauthenticated'), group('system:authenticated')];
const everything: ResourceRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] };
const leases = (verbs: string[]): ResourceRule => ({ verbs, apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['*'] });

const schema = (level: string, matchingPrecedence: number, method: string | undefined, rule: Rule): FlowSchemaSpec => ({
  priorityLevelConfiguration: { name: level }, matchingPrecedence,
  ...(method === undefined ? {} : { distinguisherMethod: { type: method } }),
  rules: [rule],
});
/** Whatever these subjects ask for. */
const all = (...subjects: Subject[]): Rule =>
  ({ subjects, resourceRules: [everything], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] });

/** By name. */
export const mandatoryFlowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  'exempt': schema('exempt', 1, undefined, all(group('system:masters'))),
  'catch-all': schema('catch-all', 10_000, 'ByUser', all(...everyone)),
};

/** By name, in the order in which they are made. */
export const suggestedFlowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  'system-nodes': schema('system', 500, 'ByUser', all(group('system:nodes'))),
  'system-node-high': schema('node-high', 400, 'ByUser', {
    subjects: [group('system:nodes')],
    resourceRules: [
      { verbs: ['*'], apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true, namespaces: ['*'] }, leases(['*']),
    ],
  }),
  'probes': schema('exempt', 2, undefined, {
    subjects: everyone, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  }),
  'system-leader-election': schema('leader-election', 100, 'ByUser', {
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), systemServiceAccounts],
    resourceRules: [leases(['get', 'create', 'update'])],
  }),
  'kube-controller-manager': schema('workload-high', 800, 'ByNamespace', all(user('system:kube-controller-manager'))),
  'kube-scheduler': schema('workload-high', 800, 'ByNamespace', all(user('system:kube-scheduler'))),
  'kube-system-service-accounts': schema('workload-high', 900, 'ByNamespace', all(systemServiceAccounts)),
  'service-accounts': schema('workload-low', 9000, 'ByUser', all(group('system:serviceaccounts'))),
  'global-default': schema('global-default', 9900, 'ByUser', all(...everyone)),
};
