/** CertificateSigningRequests (pkg/registry/certificates): who asked is the server's to say, who approves and who signs are two. */
import type { CertificateSigningRequest } from '../../schema/certificates/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { formatTime } from '../../schema/values/time.ts';
import { copy } from '../../lib/json.ts';
import type { FieldError } from '../field-error.ts';
import type { User } from '../services.ts';
import type { Strategy, UpdateStrategy } from '../strategy.ts';
import { validateSigningRequest, validateSigningRequestUpdate, type RequestPart } from '../validation/certificate-signing-request.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../validation/object-meta.ts';
import { genericStrategy } from './generic-strategy.ts';

const asRequest = (object: KubeObject): CertificateSigningRequest => object as unknown as CertificateSigningRequest;

export function signingRequestStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts);
  const part = (name: 'approval' | 'status'): UpdateStrategy => ({
    prepareForUpdate: (next, old, context) => {
      if (name === 'status') {
        const { spec } = asRequest(old);
        asRequest(next).spec = copy(spec);
        for (const type of ['Approved', 'Denied']) keepConditions(asRequest(next), asRequest(old), type);
      } else keepAllButConditions(asRequest(next), asRequest(old));
      stampConditions(asRequest(next), asRequest(old), formatTime(context.now));
    },
    validateUpdate: (next, old) => validateUpdate(next, old, name),
  });
  return {
    ...generic,
    prepareForCreate: (object, context) => {
      const request = asRequest(object);
      request.status = {};
      setUser(request, context.user);
    },
    validateCreate: (object) => {
      const errors: FieldError[] = [];
      validateWhole(object, undefined, errors);
      return errors;
    },
    validateUpdate: (next, old) => validateUpdate(next, old, ''),
    selectableFields: (object) => ({ 'spec.signerName': asRequest(object).spec.signerName }),
    subresources: { approval: part('approval'), status: part('status') },
  };
}

/** A request may have any name. */
const metadataRules = { namespaced: false, name: () => [], generateName: () => [] };

function validateWhole(next: KubeObject, old: KubeObject | undefined, errors: FieldError[]): void {
  validateObjectMeta(next.metadata, metadataRules, errors);
  validateSigningRequest(asRequest(next), old && asRequest(old), errors);
}

function validateUpdate(next: KubeObject, old: KubeObject, part: RequestPart): FieldError[] {
  const errors: FieldError[] = [];
  validateWhole(next, old, errors);
  validateSigningRequestUpdate(asRequest(next), asRequest(old), part, errors);
  validateObjectMetaUpdate(next.metadata, old.metadata, errors);
  return errors;
}

function setUser({ spec }: CertificateSigningRequest, { name, uid, groups, extra }: User): void {
  for (const member of ['username', 'uid', 'groups', 'extra'] as const) delete spec[member];
  spec.username = name;
  if (uid) spec.uid = uid;
  if (groups.length > 0) spec.groups = [...groups];
  if (extra && Object.keys(extra).length > 0) spec.extra = Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]]));
}

/** Conditions of this type stay as they are, unless one came or went: that is refused later. */
function keepConditions(next: CertificateSigningRequest, old: CertificateSigningRequest, type: string): void {
  const kept = (old.status?.conditions ?? []).filter((condition) => condition.type === type);
  const conditions = next.status?.conditions;
  if (!conditions || conditions.filter((condition) => condition.type === type).length !== kept.length) return;
  next.status!.conditions = conditions.map((condition) => (condition.type === type ? copy(kept.shift()!) : condition));
}

function keepAllButConditions(next: CertificateSigningRequest, old: CertificateSigningRequest): void {
  const conditions = next.status?.conditions;
  next.spec = copy(old.spec);
  next.status = copy(old.status ?? {});
  if (conditions) next.status.conditions = conditions;
  else delete next.status.conditions;
}

/** Times that the client leaves out: those of the same condition before, else now. */
function stampConditions({ status }: CertificateSigningRequest, old: CertificateSigningRequest, now: string): void {
  for (const condition of status?.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    condition.lastTransitionTime ??= old.status?.conditions
      ?.find(({ type, status: value, lastTransitionTime }) => type === condition.type && value === condition.status && lastTransitionTime)
      ?.lastTransitionTime ?? now;
  }
}
