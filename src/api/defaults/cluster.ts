/** Defaults of namespaces, nodes, flow control, devices and custom resource definitions. */
import { CustomResourceDefinition, ServiceReference as ConversionServiceReference } from '../../schema/apiextensions/v1.ts';
import { ServiceReference as ApiServiceReference } from '../../schema/apiregistration/v1.ts';
import { Namespace, NamespaceStatus, NodeStatus } from '../../schema/core/v1.ts';
import {
  ExemptPriorityLevelConfiguration, FlowSchemaSpec, LimitedPriorityLevelConfiguration, QueuingConfiguration,
} from '../../schema/flowcontrol/v1.ts';
import { DeviceSubRequest, ExactDeviceRequest } from '../../schema/resource/v1.ts';
import { rule, type Rule } from './rule.ts';

const defaultServicePort = 443;

export const clusterDefaults: readonly Rule[] = [
  rule(Namespace, ({ metadata }) => {
    if (metadata.name) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  }),
  rule(NamespaceStatus, (status) => {
    status.phase ??= 'Active';
  }),
  rule(NodeStatus, (status) => {
    if (status.capacity) status.allocatable ??= { ...status.capacity };
  }),
  rule(FlowSchemaSpec, (spec) => {
    spec.matchingPrecedence ||= 1000;
  }),
  rule(ExemptPriorityLevelConfiguration, (configuration) => {
    configuration.nominalConcurrencyShares ??= 0;
    configuration.lendablePercent ??= 0;
  }),
  rule(LimitedPriorityLevelConfiguration, (configuration) => {
    configuration.nominalConcurrencyShares ??= 30;
    configuration.lendablePercent ??= 0;
  }),
  rule(QueuingConfiguration, (configuration) => {
    configuration.handSize ||= 8;
    configuration.queues ||= 64;
    configuration.queueLengthLimit ||= 50;
  }),
  rule(ExactDeviceRequest, defaultDeviceRequest),
  rule(DeviceSubRequest, defaultDeviceRequest),
  rule(CustomResourceDefinition, ({ spec, status }) => {
    const { names } = spec;
    if (!names.singular && names.kind !== '') names.singular = names.kind.toLowerCase();
    if (!names.listKind && names.kind !== '') names.listKind = `${names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    const storage = (spec.versions ?? []).find((version) => version.storage);
    if (storage && (status.storedVersions ?? []).length === 0) status.storedVersions = [storage.name];
  }),
  rule(ConversionServiceReference, defaultPort),
  rule(ApiServiceReference, defaultPort),
];

function defaultPort(reference: { port?: number }): void {
  reference.port ??= defaultServicePort;
}

function defaultDeviceRequest(request: { allocationMode?: string; count?: number }): void {
  request.allocationMode ??= 'ExactCount';
  if (request.allocationMode === 'ExactCount') request.count ??= 1;
}
