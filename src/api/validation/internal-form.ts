/**
 * Upstream validates its internal types and prints them where a cause shows a struct: Go field names, every member
 * written, unset ones as null or zero. This turns a v1 value into that form. Types of meta/v1 print as on the wire.
 */
import type { StructRef } from '../../schema/builders.ts';
import { structType, type Field, type StructType, type TypeRef } from '../../schema/struct-type.ts';
import type { ScalarKind } from '../../schema/meta.ts';
import { asSent } from '../codec/emptied.ts';

type Members = Readonly<Record<string, unknown>>;

/** Members of internal types, where their order is not that of v1 (pkg/apis/core/types.go). Members that are missing here come last. */
const internalOrder: Readonly<Record<string, readonly string[]>> = {
  'core/v1.PodSpec': [
    'volumes', 'initContainers', 'containers', 'ephemeralContainers', 'restartPolicy', 'terminationGracePeriodSeconds',
    'activeDeadlineSeconds', 'dnsPolicy', 'nodeSelector', 'serviceAccountName', 'automountServiceAccountToken', 'nodeName',
    'securityContext', 'imagePullSecrets', 'hostname', 'subdomain', 'setHostnameAsFQDN', 'affinity', 'schedulerName', 'tolerations',
    'hostAliases', 'priorityClassName', 'priority', 'preemptionPolicy', 'dnsConfig', 'readinessGates', 'runtimeClassName', 'overhead',
    'enableServiceLinks', 'topologySpreadConstraints', 'os', 'schedulingGates', 'resourceClaims', 'resources', 'hostnameOverride',
    'schedulingGroup',
  ],
  'core/v1.PodSecurityContext': [
    'seLinuxOptions', 'windowsOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot', 'supplementalGroups', 'supplementalGroupsPolicy',
    'fsGroup', 'fsGroupChangePolicy', 'sysctls',
  ],
  'core/v1.Volume': [
    'name', 'hostPath', 'emptyDir', 'gcePersistentDisk', 'awsElasticBlockStore', 'gitRepo', 'secret', 'nfs', 'iscsi', 'glusterfs',
    'persistentVolumeClaim', 'rbd', 'quobyte',
  ],
  'core/v1.PersistentVolumeSpec': [
    'capacity', 'gcePersistentDisk', 'awsElasticBlockStore', 'hostPath', 'glusterfs', 'nfs', 'rbd', 'quobyte', 'iscsi', 'flexVolume', 'cinder',
    'cephfs', 'fc', 'flocker',
  ],
};
/** Members of v1's PodSpec that the internal type keeps in its security context, before the others. */
const hostMembers = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'];

/** The internal form of a value of a named type. */
export function internalForm(ref: StructRef, value: object): unknown {
  return structForm(structType(ref), value as Members);
}

function structForm(type: StructType, value: Members): unknown {
  if (type.name.startsWith('meta/v1.')) return value;
  const result: Record<string, unknown> = {};
  if (type.name === 'core/v1.PodSpec') podSpecForm(type, value, result);
  else for (const field of inInternalOrder(type)) writeField(field, value, result);
  return result;
}

/** The fields of a struct in the order of its internal type. */
export function inInternalOrder(type: StructType): readonly Field[] {
  const names = internalOrder[type.name];
  if (!names) return type.fields;
  return [...names.map((name) => type.byName.get(name)!), ...type.fields.filter(({ name }) => !names.includes(name))];
}

function podSpecForm(type: StructType, value: Members, result: Record<string, unknown>): void {
  for (const name of internalOrder[type.name]!) {
    writeField(type.byName.get(name)!, value, result);
    if (name !== 'securityContext' || result['SecurityContext'] === null) continue;
    const securityContext = {};
    for (const member of hostMembers) writeField(type.byName.get(member)!, value, securityContext);
    result['SecurityContext'] = Object.assign(securityContext, result['SecurityContext']);
  }
}

function writeField(field: Field, value: Members, result: Record<string, unknown>): void {
  const member = asSent(value, field.name);
  if (field.goName === 'ObjectMeta') Object.assign(result, member);
  else result[field.goName] = member === null ? unset(field) : form(field.type, member);
}

function form(type: TypeRef, value: unknown): unknown {
  switch (type.kind) {
    case 'scalar': return value;
    case 'struct': return structForm(type.struct, value as Members);
    case 'list': return (value as readonly unknown[]).map((item) => form(type.items, item));
    case 'map': {
      const members = value as Members;
      return Object.fromEntries(Object.keys(members).sort().map((key) => [key, form(type.values, members[key])]));
    }
  }
}

function unset(field: Field): unknown {
  if (field.pointer || field.nullable || field.type.kind === 'list' || field.type.kind === 'map') return null;
  return field.type.kind === 'struct' ? structForm(field.type.struct, {}) : zero(field.type.scalar);
}

function zero(scalar: ScalarKind): unknown {
  switch (scalar) {
    case 'string': return '';
    case 'bool': return false;
    case 'int32':
    case 'int64':
    case 'float64':
    case 'intOrString': return 0;
    case 'quantity': return '0';
    default: return null;
  }
}
