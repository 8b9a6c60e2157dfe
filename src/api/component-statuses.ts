/** ComponentStatuses, which are asked for and never stored (pkg/registry/core/componentstatus): here all components are well. */
import { notFound } from './errors.ts';
import { objectTest } from './object-selector.ts';
import type { ListOptions } from './request-options.ts';
import type { Answer } from './response.ts';
import type { ResourceDef } from './registry.ts';
import type { KubeObject } from '../schema/objects.ts';

const components = ['scheduler', 'controller-manager', 'etcd-0'];

const statusOf = ({ kind, apiVersion }: ResourceDef, name: string): KubeObject =>
  ({ kind, apiVersion, metadata: { name }, conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }] });

/** Throws 404. */
export function getComponentStatus(def: ResourceDef, name: string): Answer {
  // Upstream names the kind here, in small letters.
  if (!components.includes(name)) throw notFound({ group: '', resource: 'componentstatus' }, name);
  return { kind: 'object', code: 200, def, object: statusOf(def, name) };
}

/** Of a list's options only the selectors count, and the list has no version. */
export function listComponentStatuses(def: ResourceDef, { labelSelector, fieldSelector }: ListOptions): Answer {
  const test = objectTest(def, labelSelector, fieldSelector);
  const objects = components.map((name) => statusOf(def, name)).filter((object) => test?.(object) ?? true);
  const items = objects.map((value) => ({ key: '', value, revision: 0, createRevision: 0, bytes: undefined }));
  return { kind: 'list', code: 200, def, items, metadata: {} };
}
