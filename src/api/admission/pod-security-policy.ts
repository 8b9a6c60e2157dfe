/** The policy that a namespace's labels ask for, and its application to a pod. */
import type { KubeObject } from '../../schema/objects.ts';
import { invalid, type FieldError } from '../field-error.ts';
import { baselineChecks, type Check, type CheckedPod, type Violation } from './pod-security-checks.ts';
import { restrictedChecks } from './pod-security-restricted-checks.ts';

/** From lax to strict. */
const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

export interface LevelVersion {
  readonly level: Level;
  /** `latest`, or `v1.24`. */
  readonly version: string;
}

export interface Policy {
  enforce: LevelVersion;
  audit: LevelVersion;
  warn: LevelVersion;
}

const prefix = 'pod-security.kubernetes.io/';
/** The newest version whose checks differ from those before. */
const newestMinor = 35;

export const printPolicy = ({ level, version }: LevelVersion): string => `${level}:${version}`;
export const samePolicy = (a: LevelVersion, b: LevelVersion): boolean => a.level === b.level && a.version === b.version;
export const isStricter = (a: Level, b: Level): boolean => levels.indexOf(a) > levels.indexOf(b);

const storedPolicies = new WeakMap<KubeObject, Policy>();

/** The policy of a stored namespace, which many writes ask for. */
export function policyOfStored(namespace: KubeObject | undefined): Policy {
  if (!namespace) return policyOf(undefined).policy;
  let policy = storedPolicies.get(namespace);
  if (!policy) storedPolicies.set(namespace, policy = policyOf(namespace).policy);
  return policy;
}

/** Reads the labels. Bad ones count as the strictest for enforcement and as none for the other modes. */
export function policyOf(namespace: KubeObject | undefined): { policy: Policy; errors: FieldError[] } {
  const labels = namespace?.metadata.labels ?? {};
  const errors: FieldError[] = [];
  const label = (name: string) => (Object.hasOwn(labels, prefix + name) ? labels[prefix + name] : undefined);
  const read = (mode: string, fallback: Level): LevelVersion => {
    const [level, version] = [label(mode), label(`${mode}-version`)];
    const knownLevel = level === undefined ? 'privileged' : levels.find((one) => one === level);
    if (!knownLevel) errors.push(invalid(`metadata.labels[${prefix}${mode}]`, level, `must be one of ${levels.join(', ')}`));
    const versionIsKnown = version === undefined || /^(latest|v1\.(\d|[1-9]\d*))$/.test(version);
    if (!versionIsKnown) errors.push(invalid(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"'));
    return { level: knownLevel ?? fallback, version: versionIsKnown ? version ?? 'latest' : 'latest' };
  };
  const policy: Policy = { enforce: read('enforce', 'restricted'), audit: read('audit', 'privileged'), warn: read('warn', 'privileged') };
  const enforceIsValid = label('enforce') !== undefined && levels.some((one) => one === label('enforce'));
  if (label('warn') === undefined && enforceIsValid && isStricter(policy.enforce.level, policy.warn.level)) {
    const version = label('warn-version') === undefined ? policy.enforce.version : policy.warn.version;
    policy.warn = { level: policy.enforce.level, version };
  }
  return { policy, errors };
}

/** What a pod does against a policy, in upstream's order. */
export function violationsOf({ level, version }: LevelVersion, pod: CheckedPod): Violation[] {
  if (level === 'privileged') return [];
  const minor = version === 'latest' ? newestMinor : Math.min(Number(version.slice('v1.'.length)), newestMinor);
  const active = (checks: readonly Check[]) => checks.filter(({ since }) => since <= minor);
  const restricted = level === 'restricted' ? active(restrictedChecks) : [];
  const overridden = new Set(restricted.map(({ overrides }) => overrides));
  return [...active(baselineChecks).filter(({ id }) => !overridden.has(id)), ...restricted]
    .flatMap((check) => check.run(pod, minor) ?? []);
}

/** `host namespaces (hostNetwork=true), privileged (…)`. */
export const printViolations = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
