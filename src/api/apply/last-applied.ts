/**
 * The hand-over from `kubectl apply` to `kubectl apply --server-side`: kubectl may overrule owners of what its own last
 * client-side apply set and nobody changed since, and the annotation is kept up to date
 * (apimachinery/pkg/util/managedfields/internal/lastappliedmanager.go and lastappliedupdater.go).
 */
import { copy, isObject } from '../../lib/json.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { goJson } from '../../lib/go-format.ts';
import { compare } from './compare.ts';
import { difference, type FieldSet } from './field-set.ts';
import { ownedPaths } from './owned-paths.ts';
import type { WriteKind } from './ownership.ts';
import { faultsOf } from './validate.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const annotationsBytesMax = 256 * 1024;

/** The fields that the live object still has as kubectl last applied them; undefined when that is not known. */
export function allowedByLastApplied({ type, apiVersion }: WriteKind, live: KubeObject): FieldSet | undefined {
  const lastApplied = parsed(live.metadata.annotations?.[annotation]);
  if (lastApplied === undefined || lastApplied['apiVersion'] !== apiVersion) return undefined;
  if (faultsOf(type.model, lastApplied) !== undefined) return undefined;
  const { modified, added, removed } = compare(type.model, lastApplied, live);
  return [modified, added, removed].reduce(difference, ownedPaths(type.model, lastApplied));
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes what was applied into the annotation, if the object has it. Changes `object`. */
export function refreshLastApplied(object: KubeObject, applied: Readonly<Record<string, unknown>>): void {
  const annotations = object.metadata?.annotations;
  if (!annotations?.[annotation]) return;
  const plain = copy(applied) as { metadata?: { annotations?: Record<string, string> } };
  delete plain.metadata?.annotations?.[annotation];
  annotations[annotation] = `${goJson(sorted(plain))}\n`;
  const size = Object.entries(annotations).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size > annotationsBytesMax) delete annotations[annotation];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}
