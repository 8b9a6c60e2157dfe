import { expect, test } from 'vitest';
import { TestApi, type Answer } from '../api-fixture.ts';

const storage = '/apis/storage.k8s.io/v1';
const volumes = '/api/v1/persistentvolumes';

/** `field: text` of every cause. */
const causes = ({ body, status, text }: Answer): string[] => {
  if (status !== 422) throw new Error(text);
  return (body['details'] as unknown as { causes: { field: string; message: string }[] }).causes.map(({ field, message }) => `${field}: ${message}`);
};

const volume = (spec: object, metadata: object = {}) => ({
  metadata: { name: 'v', ...metadata }, spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' }, ...spec },
});
const csi = { driver: 'csi.example.com', volumeHandle: 'h' };

test('a PersistentVolume says how it is reached, how much it holds and where it is', () => {
  const api = new TestApi();
  expect(causes(api.call('POST', volumes, { metadata: { name: 'v' }, spec: {} }))).toEqual([
    'spec.accessModes: Required value',
    'spec.capacity: Required value',
    'spec.capacity: Unsupported value: null: supported values: "storage"',
    'spec: Required value: must specify a volume type',
  ]);
  const wrong = {
    accessModes: ['ReadWriteOncePod', 'ReadOnlyMany'], capacity: { storage: '-1' }, persistentVolumeReclaimPolicy: 'Keep', nodeAffinity: {},
    local: { path: '../x' }, csi, hostPath: { path: '/' }, storageClassName: 'A', volumeAttributesClassName: '', volumeMode: 'Tape',
  };
  expect(causes(api.call('POST', volumes, volume(wrong))).map((cause) => cause.replace(/: a lowercase.*/, ''))).toEqual([
    'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    'spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
    'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
    'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"',
    'spec.nodeAffinity.required: Required value: must specify required node constraints',
    'spec.local: Forbidden: may not specify more than 1 volume type',
    'spec.csi: Forbidden: may not specify more than 1 volume type',
    'spec.storageClassName: Invalid value: "A"',
    'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    'spec.volumeAttributesClassName: Required value: an empty string is disallowed',
  ]);
});

test('sources of a PersistentVolume name secrets of any namespace', () => {
  const api = new TestApi();
  const refused = (source: object) => causes(api.call('POST', volumes, volume({ hostPath: undefined, ...source })));
  expect(refused({ csi: { driver: 'd', nodePublishSecretRef: { name: 's' } } })).toEqual([
    'spec.csi.volumeHandle: Required value', 'spec.csi.nodePublishSecretRef.namespace: Required value',
  ]);
  expect(refused({ iscsi: { targetPortal: 'p', iqn: 'x', lun: 256, chapAuthSession: true } })).toEqual([
    'spec.iscsi.iqn: Invalid value: "x": must be valid format', 'spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
    'spec.iscsi.secretRef: Required value',
  ]);
  expect(refused({ local: { path: '/mnt' } })).toEqual(['spec.nodeAffinity: Required value: Local volume requires node affinity']);
});

test('a PersistentVolume keeps its source, but may be told how to expand', () => {
  const api = new TestApi();
  api.call('POST', volumes, volume({ hostPath: undefined, csi }));
  const secret = { name: 's', namespace: 'n' };
  expect(api.patch(`${volumes}/v`, { spec: { csi: { controllerExpandSecretRef: secret } } }).status).toBe(200);
  expect(causes(api.patch(`${volumes}/v`, { spec: { csi: { volumeHandle: 'i' }, volumeMode: 'Block' } })).map((cause) => cause.split('\n')[0])).toEqual([
    'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
    'volumeMode: Invalid value: "Block": field is immutable',
  ]);
});

test('the status of a PersistentVolume notes when its phase changed', () => {
  const api = new TestApi();
  api.call('POST', volumes, volume({}));
  api.clock.advance(5000);
  const { status } = api.patch(`${volumes}/v/status`, { status: { phase: 'Bound' } }).body;
  expect(status).toEqual({ phase: 'Bound', lastPhaseTransitionTime: '2026-01-01T00:00:05Z' });
});

test('classes name a provisioner and keep their parameters', () => {
  const api = new TestApi();
  const topology = { matchLabelExpressions: [{ key: 'zone', values: ['a', 'a'] }] };
  expect(causes(api.call('POST', `${storage}/storageclasses`, { metadata: { name: 'c' }, provisioner: '', parameters: { '': 'x' }, allowedTopologies: [topology, topology] }))).toEqual([
    'provisioner: Required value', 'parameters: Invalid value: "": field can not be empty.',
    'allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
    'allowedTopologies[1].matchLabelExpressions[0].values[1]: Duplicate value: "a"',
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  ]);
  const classes = `${storage}/volumeattributesclasses`;
  expect(causes(api.call('POST', classes, { metadata: { name: 'c' }, driverName: 'd' }))).toEqual(['parameters: Required value: must contain at least one key/value pair']);
  api.call('POST', classes, { metadata: { name: 'c' }, driverName: 'd', parameters: { a: 'b' } });
  expect(causes(api.patch(`${classes}/c`, { parameters: { a: 'c' } }))).toEqual(['parameters: Forbidden: updates to parameters are forbidden.']);
});

test('CSI drivers, their nodes and their capacities', () => {
  const api = new TestApi();
  expect(causes(api.call('POST', `${storage}/csidrivers`, {
    metadata: { name: 'd' }, spec: { fsGroupPolicy: 'X', tokenRequests: [{ audience: 'a', expirationSeconds: 1 }, { audience: 'a' }], volumeLifecycleModes: ['Y'], nodeAllocatableUpdatePeriodSeconds: 1 },
  }))).toEqual([
    'spec.fsGroupPolicy: Unsupported value: "X": supported values: "File", "None", "ReadWriteOnceWithFSType"',
    'spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes',
    'spec.tokenRequests[1].audience: Duplicate value: "a"',
    'spec.volumeLifecycleModes: Unsupported value: "Y": supported values: "Persistent", "Ephemeral"',
    'spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 1: must be greater than or equal to 10 seconds',
  ]);
  api.call('POST', `${storage}/csidrivers`, { metadata: { name: 'd' }, spec: {} });
  expect(causes(api.patch(`${storage}/csidrivers/d`, { spec: { attachRequired: false } }))).toEqual(['spec.attachedRequired: Invalid value: false: field is immutable']);
  const driver = { name: 'd', nodeID: 'n', allocatable: { count: -1 } };
  expect(causes(api.call('POST', `${storage}/csinodes`, { metadata: { name: 'n' }, spec: { drivers: [driver, { name: 'd', nodeID: '', topologyKeys: ['a', 'a'] }] } }))).toEqual([
    'spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
    'spec.drivers[1].nodeID: Required value', 'spec.drivers[1].name: Duplicate value: "d"', 'spec.drivers[1]: Duplicate value: "a"',
  ]);
  api.call('POST', `${storage}/csinodes`, { metadata: { name: 'n' }, spec: { drivers: [{ name: 'd', nodeID: 'n' }] } });
  expect(causes(api.patch(`${storage}/csinodes/n`, { spec: { drivers: [{ name: 'd', nodeID: 'm', topologyKeys: null }] } }))).toEqual([
    'spec.drivers: Invalid value: {"Name":"d","NodeID":"m","TopologyKeys":null,"Allocatable":null}: field is immutable',
  ]);
  const capacities = `${storage}/namespaces/default/csistoragecapacities`;
  expect(causes(api.call('POST', capacities, { metadata: { name: 'c' }, storageClassName: 's', capacity: '-1' }))).toEqual([
    'capacity: Invalid value: "-1": must be greater than or equal to 0',
  ]);
});

test('a VolumeAttachment attaches one volume to one node for good', () => {
  const api = new TestApi();
  const attachments = `${storage}/volumeattachments`;
  const attachment = (source: object, more: object = {}) => ({ metadata: { name: 'a' }, spec: { attacher: 'd', nodeName: 'n', source, ...more } });
  expect(causes(api.call('POST', attachments, attachment({})))).toEqual([
    'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  ]);
  expect(causes(api.call('POST', attachments, attachment({ inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' }, capacity: { storage: '1' } } })))).toEqual([
    'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
    'spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes',
  ]);
  api.call('POST', attachments, attachment({ persistentVolumeName: 'v' }));
  expect(causes(api.patch(`${attachments}/a`, { spec: { nodeName: 'm' } }))).toEqual([
    'spec: Invalid value: {"Attacher":"d","Source":{"PersistentVolumeName":"v","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
  ]);
  expect(api.patch(`${attachments}/a/status`, { status: { attached: true } }).body['status']).toEqual({ attached: true });
  expect(causes(api.patch(`${attachments}/a/status`, { status: { attachError: { errorCode: -1 } } }))).toEqual([
    'status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive',
  ]);
});
