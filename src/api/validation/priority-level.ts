/** PriorityLevelConfigurations (pkg/apis/flowcontrol/validation). */
import { mandatoryPriorityLevels } from '../../schema/flow-control-objects.ts';
import {
  PriorityLevelConfigurationSpec, type ExemptPriorityLevelConfiguration, type LimitResponse, type LimitedPriorityLevelConfiguration,
  type PriorityLevelConfiguration, type QueuingConfiguration,
} from '../../schema/flowcontrol/v1.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { inclusiveRange } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';

const types = ['Exempt', 'Limited'];
const responses = ['Queue', 'Reject'];
const queuesMax = 10_000_000;
const hashBitsMax = 60;
/** Meant for an older version of the API alone. */
const zeroSharesAnnotation = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration, errors: FieldError[]): void {
  if (Object.hasOwn(metadata.annotations ?? {}, zeroSharesAnnotation)) {
    errors.push(forbidden('metadata.annotations', `annotation '${zeroSharesAnnotation}' is forbidden`));
  }
  const name = metadata.name ?? '';
  if ((name === 'exempt') !== (spec.type === 'Exempt')) {
    errors.push(invalid('spec.type', spec.type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  validateType(spec, errors);
  validateMandatory(name, spec, errors);
  validateFlowControlConditions(status?.conditions, errors);
}

function validateType({ type, limited, exempt }: PriorityLevelConfigurationSpec, errors: FieldError[]): void {
  switch (type) {
    case 'Exempt':
      if (limited) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
      if (exempt) validateExempt(exempt, errors);
      break;
    case 'Limited':
      if (exempt) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
      if (limited) validateLimited(limited, errors);
      else errors.push(required('spec.limited', 'must not be empty when type is Limited'));
      break;
    default:
      errors.push(notSupported('spec.type', type, types));
  }
}

/** Of the level `exempt`, the shares may be chosen. */
function validateMandatory(name: string, spec: PriorityLevelConfigurationSpec, errors: FieldError[]): void {
  if (!Object.hasOwn(mandatoryPriorityLevels, name)) return;
  const fixed = mandatoryPriorityLevels[name]!;
  const isExempt = name === 'exempt';
  const judged = isExempt ? { ...spec, exempt: fixed.exempt } : spec;
  if (semanticEqual(PriorityLevelConfigurationSpec, judged, fixed)) return;
  const exception = isExempt ? " except the 'spec.exempt' field" : '';
  errors.push(invalid('spec', internalForm(PriorityLevelConfigurationSpec, spec), `spec of '${name}'${exception} must equal the fixed value`));
}

type Shares = Pick<ExemptPriorityLevelConfiguration & LimitedPriorityLevelConfiguration, 'nominalConcurrencyShares' | 'lendablePercent'>;

function validateShares({ nominalConcurrencyShares: shares }: Shares, path: string, errors: FieldError[]): void {
  if ((shares ?? 0) < 0) errors.push(invalid(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'));
}

function validateLendable({ lendablePercent: percent = 0 }: Shares, path: string, errors: FieldError[]): void {
  if (percent < 0 || percent > 100) errors.push(invalid(`${path}.lendablePercent`, percent, inclusiveRange(0, 100)));
}

function validateExempt(exempt: ExemptPriorityLevelConfiguration, errors: FieldError[]): void {
  validateShares(exempt as Shares, 'spec.exempt', errors);
  validateLendable(exempt as Shares, 'spec.exempt', errors);
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, errors: FieldError[]): void {
  const path = 'spec.limited';
  validateShares(limited as Shares, path, errors);
  validateResponse(limited.limitResponse, `${path}.limitResponse`, errors);
  validateLendable(limited as Shares, path, errors);
  const { borrowingLimitPercent: percent = 0 } = limited;
  if (percent < 0) errors.push(invalid(`${path}.borrowingLimitPercent`, percent, 'if specified, must be a non-negative integer'));
}

function validateResponse({ type, queuing }: LimitResponse, path: string, errors: FieldError[]): void {
  switch (type) {
    case 'Reject':
      if (queuing) errors.push(forbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited'));
      break;
    case 'Queue':
      if (queuing) validateQueuing(queuing, `${path}.queuing`, errors);
      else errors.push(required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited'));
      break;
    default:
      errors.push(notSupported(`${path}.type`, type, responses));
  }
}

function validateQueuing({ queues, handSize, queueLengthLimit }: QueuingConfiguration, path: string, errors: FieldError[]): void {
  if (queueLengthLimit <= 0) errors.push(invalid(`${path}.queueLengthLimit`, queueLengthLimit, 'must be positive'));
  if (queues <= 0) errors.push(invalid(`${path}.queues`, queues, 'must be positive'));
  else if (queues > queuesMax) errors.push(invalid(`${path}.queues`, queues, `must not be greater than ${queuesMax}`));
  const complain = (text: string): void => void errors.push(invalid(`${path}.handSize`, handSize, text));
  if (handSize <= 0) complain('must be positive');
  else if (handSize > queues) complain(`should not be greater than queues (${queues})`);
  else if (Math.ceil(Math.log2(queues) * handSize) > hashBitsMax) {
    complain(`required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBitsMax}`);
  }
}

/** Conditions of this kind and of FlowSchemas. */
export function validateFlowControlConditions(conditions: readonly { type?: string }[] | undefined, errors: FieldError[]): void {
  const seen = new Set<string>();
  conditions?.forEach(({ type = '' }, i) => {
    const path = `status.conditions[${i}].type`;
    if (seen.has(type)) errors.push(duplicate(path, type));
    seen.add(type);
    if (!type) errors.push(required(path));
  });
}
