/** Rows of configuration, policy and access objects: kinds whose cells are little more than their members. */
import type { ComponentStatus, ConfigMap, Namespace, ResourceQuota, Secret, ServiceAccount } from '../../schema/core/v1.ts';
import type { APIService } from '../../schema/apiregistration/v1.ts';
import type { CertificateSigningRequest } from '../../schema/certificates/v1.ts';
import type { Lease } from '../../schema/coordination/v1.ts';
import type { FlowSchema, PriorityLevelConfiguration } from '../../schema/flowcontrol/v1.ts';
import type { RuntimeClass } from '../../schema/node/v1.ts';
import type { PodDisruptionBudget } from '../../schema/policy/v1.ts';
import type { RoleBinding } from '../../schema/rbac/v1.ts';
import type { PriorityClass } from '../../schema/scheduling/v1.ts';
import { humanDuration } from '../../schema/values/duration.ts';
import { ageOf, countMembers, nameOf, orNone, printer, type Cell, type Loose, type Printers } from './cells.ts';

export const basicPrinters: Printers = {
  '/Namespace': printer<Namespace>((namespace, now) => [nameOf(namespace), namespace.status?.phase ?? '', ageOf(namespace, now)]),
  '/ConfigMap': printer<ConfigMap>((map, now) => [nameOf(map), countMembers(map.data) + countMembers(map.binaryData), ageOf(map, now)]),
  '/Secret': printer<Secret>((secret, now) => [nameOf(secret), secret.type ?? '', countMembers(secret.data), ageOf(secret, now)]),
  '/ServiceAccount': printer<ServiceAccount>((account, now) => [nameOf(account), ageOf(account, now)]),
  '/ComponentStatus': printer<ComponentStatus>((component) => {
    const healthy = component.conditions?.find((condition) => condition.type === 'Healthy');
    const status = !healthy ? 'Unknown' : healthy.status === 'True' ? 'Healthy' : 'Unhealthy';
    return [nameOf(component), status, healthy?.message ?? '', healthy?.error ?? ''];
  }),
  '/ResourceQuota': printer<ResourceQuota>((quota, now) => [nameOf(quota), ...quotaCells(quota), ageOf(quota, now)]),
  'coordination.k8s.io/Lease': printer<Lease>((lease, now) => [nameOf(lease), lease.spec?.holderIdentity ?? '', ageOf(lease, now)]),
  'policy/PodDisruptionBudget': printer<PodDisruptionBudget>((budget, now) => [
    nameOf(budget), String(budget.spec?.minAvailable ?? 'N/A'), String(budget.spec?.maxUnavailable ?? 'N/A'),
    budget.status?.disruptionsAllowed ?? 0, ageOf(budget, now),
  ]),
  'scheduling.k8s.io/PriorityClass': printer<PriorityClass>((priority, now) => [
    nameOf(priority), priority.value ?? 0, priority.globalDefault ?? false, ageOf(priority, now), priority.preemptionPolicy ?? '',
  ]),
  'node.k8s.io/RuntimeClass': printer<RuntimeClass>((runtime, now) => [nameOf(runtime), runtime.handler ?? '', ageOf(runtime, now)]),
  'rbac.authorization.k8s.io/RoleBinding': printer<RoleBinding>(roleBindingCells),
  'rbac.authorization.k8s.io/ClusterRoleBinding': printer<RoleBinding>(roleBindingCells),
  'apiregistration.k8s.io/APIService': printer<APIService>((api, now) => {
    const { service } = api.spec ?? {};
    return [nameOf(api), service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local', apiServiceStatus(api), ageOf(api, now)];
  }),
  'certificates.k8s.io/CertificateSigningRequest': printer<CertificateSigningRequest>((request, now) => {
    const { expirationSeconds, signerName, username } = request.spec ?? {};
    return [
      nameOf(request), ageOf(request, now), orNone(signerName), username ?? '',
      typeof expirationSeconds === 'number' ? humanDuration(expirationSeconds) : '<none>', certificateStatus(request),
    ];
  }),
  'flowcontrol.apiserver.k8s.io/FlowSchema': printer<FlowSchema>((flow, now) => {
    const dangling = flow.status?.conditions?.find((condition) => condition.type === 'Dangling');
    return [
      nameOf(flow), flow.spec?.priorityLevelConfiguration?.name ?? '', flow.spec?.matchingPrecedence ?? 0,
      flow.spec?.distinguisherMethod?.type ?? '<none>', ageOf(flow, now), dangling ? dangling.status ?? '' : '?',
    ];
  }),
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': printer<PriorityLevelConfiguration>((level, now) => {
    const { limited, type } = level.spec ?? {};
    const queuing = limited?.limitResponse?.queuing;
    return [
      nameOf(level), type ?? '', limited ? limited.nominalConcurrencyShares ?? 0 : '<none>',
      ...(queuing ? [queuing.queues ?? 0, queuing.handSize ?? 0, queuing.queueLengthLimit ?? 0] : ['<none>', '<none>', '<none>']),
      ageOf(level, now),
    ];
  }),
};

/** Requests and limits as `key: used/hard`. */
function quotaCells({ status }: Loose<ResourceQuota>): [requests: string, limits: string] {
  const hard = status?.hard ?? {};
  const used = status?.used ?? {};
  const requests: string[] = [];
  const limits: string[] = [];
  for (const key of Object.keys(hard).sort()) {
    const list = key.startsWith('limits.') ? limits : requests;
    list.push(`${key}: ${used[key] ?? '0'}/${hard[key]}`);
  }
  return [requests.join(', '), limits.join(', ')];
}

function roleBindingCells(binding: Loose<RoleBinding>, now: number): Cell[] {
  const subjects = binding.subjects ?? [];
  const named = (kind: string) => subjects.filter((subject) => subject.kind === kind);
  return [
    nameOf(binding), `${binding.roleRef?.kind ?? ''}/${binding.roleRef?.name ?? ''}`, ageOf(binding, now),
    named('User').map(({ name }) => name).join(', '), named('Group').map(({ name }) => name).join(', '),
    named('ServiceAccount').map(({ name, namespace }) => (namespace ? `${namespace}/${name}` : name)).join(', '),
  ];
}

function apiServiceStatus({ status }: Loose<APIService>): string {
  const available = status?.conditions?.find((condition) => condition.type === 'Available');
  if (!available) return 'Unknown';
  return available.status !== 'True' && available.reason ? `${available.status} (${available.reason})` : available.status ?? '';
}

function certificateStatus({ status }: Loose<CertificateSigningRequest>): string {
  const has = (type: string) => status?.conditions?.some((condition) => condition.type === type) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`;
}
