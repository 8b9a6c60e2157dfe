/**
 * The options of each verb, from query parameters (or a DeleteOptions body), validated as upstream does: bad syntax is
 * 400, bad values are 422 of the options' own kind in group `meta.k8s.io`.
 */
import { FieldSelector, FieldSelectorError, parseFieldSelector } from '../schema/values/field-selector.ts';
import { LabelSelectorError, type LabelSelector } from '../schema/values/label-selector.ts';
import { parseLabelSelector } from '../schema/values/label-selector-parser.ts';
import { RawValue, goJson } from '../lib/go-format.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from './field-error.ts';
import { badRequest, invalid as invalidStatus } from './errors.ts';
import { convertFields } from './object-selector.ts';
import type { Preconditions } from './port.ts';
import type { Query } from './query.ts';
import type { ResourceDef } from './registry.ts';
import { validateFieldManager } from './validation/object-meta.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** Options of create, update and patch. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Empty when not given; the user agent stands in. */
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** Apply only. */
  readonly force: boolean;
}

export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?: Preconditions | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly propagationPolicy?: string | undefined;
}

export interface ListOptions {
  readonly labelSelector: LabelSelector;
  readonly fieldSelector: FieldSelector;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly timeoutSeconds: number | undefined;
  readonly limit: number;
  readonly continue: string;
  readonly sendInitialEvents: boolean | undefined;
}

type OptionsKind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions' | 'ListOptions';

function refuse(kind: OptionsKind, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidStatus({ group: 'meta.k8s.io', kind }, '', errors);
}

function validateDryRun(values: readonly string[], errors: FieldError[]): void {
  if (values.some((value) => value !== 'All')) errors.push(notSupported('dryRun', new RawValue(goJson(values)), ['All']));
}

/** `patchType` only for PATCH: its content type. */
export function writeOptions(query: Query, kind: OptionsKind, patchType?: string): WriteOptions {
  const dryRun = query.list('dryRun') ?? [];
  const fieldManager = query.text('fieldManager');
  const fieldValidation = query.text('fieldValidation');
  const force = patchType === undefined ? undefined : query.bool('force');
  const errors: FieldError[] = [];
  if (patchType !== undefined) {
    const apply = patchType === 'application/apply-patch+yaml';
    if (apply && fieldManager === '') errors.push(required('fieldManager', 'is required for apply patch'));
    if (!apply && force !== undefined) errors.push(forbidden('force', 'may not be specified for non-apply patch'));
  }
  validateFieldManager(fieldManager, 'fieldManager', errors);
  validateDryRun(dryRun, errors);
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(fieldValidation)) {
    errors.push(notSupported('fieldValidation', fieldValidation, ['', 'Ignore', 'Strict', 'Warn']));
  }
  refuse(kind, errors);
  return {
    dryRun: dryRun.length > 0, fieldManager, force: force ?? false,
    fieldValidation: fieldValidation === '' ? 'Warn' : fieldValidation as FieldValidation,
  };
}

/** The shape of `DeleteOptions` as a body. */
export interface DeleteOptionsBody {
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: Preconditions;
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
}

/** Query parameters as a DeleteOptions. The version that a deletecollection lists at is a precondition of each delete, too. */
export function deleteOptionsOfQuery(query: Query): DeleteOptionsBody {
  const gracePeriodSeconds = query.integer('gracePeriodSeconds');
  const orphanDependents = query.bool('orphanDependents');
  const dryRun = query.list('dryRun');
  const [uid, resourceVersion] = [query.text('uid'), query.text('resourceVersion')];
  const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  return {
    ...(uid || resourceVersion ? { preconditions } : {}),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(orphanDependents === undefined ? {} : { orphanDependents }),
    ...(query.has('propagationPolicy') ? { propagationPolicy: query.text('propagationPolicy') } : {}),
    ...(dryRun === undefined ? {} : { dryRun }),
  };
}

export function validateDeleteOptions(body: DeleteOptionsBody): DeleteOptions {
  const errors: FieldError[] = [];
  const { propagationPolicy: policy, orphanDependents, dryRun = [] } = body;
  if (orphanDependents !== undefined && policy !== undefined) {
    errors.push(invalid('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'));
  }
  if (policy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(policy)) {
    errors.push(notSupported('propagationPolicy', policy, ['Foreground', 'Background', 'Orphan', 'nil']));
  }
  validateDryRun(dryRun, errors);
  refuse('DeleteOptions', errors);
  return {
    dryRun: dryRun.length > 0, gracePeriodSeconds: body.gracePeriodSeconds, preconditions: body.preconditions,
    orphanDependents, propagationPolicy: policy,
  };
}

/** Options of list, watch and deletecollection. `name` is the object that the path of a watch names. */
export function listOptions(query: Query, def: ResourceDef, name = '', forceWatch = false): ListOptions {
  const watch = query.bool('watch') ?? false;
  const options = {
    watch: watch || forceWatch,
    allowWatchBookmarks: query.bool('allowWatchBookmarks') ?? false,
    resourceVersion: query.text('resourceVersion'),
    resourceVersionMatch: query.text('resourceVersionMatch'),
    timeoutSeconds: query.integer('timeoutSeconds'),
    limit: query.integer('limit') ?? 0,
    continue: query.text('continue'),
    sendInitialEvents: query.bool('sendInitialEvents'),
  };
  try {
    const labelSelector = parseLabelSelector(query.text('labelSelector'));
    const parsed = parseFieldSelector(query.text('fieldSelector'));
    validateListOptions(options, watch);
    const fieldSelector = nameSelector(convertFields(parsed, def.facts), name);
    return { ...options, labelSelector, fieldSelector };
  } catch (error) {
    if (error instanceof LabelSelectorError || error instanceof FieldSelectorError) throw badRequest(error.message);
    throw error;
  }
}

function nameSelector(selector: FieldSelector, name: string): FieldSelector {
  if (name === '') return selector;
  if (selector.empty) return new FieldSelector([{ field: 'metadata.name', operator: '=', value: name }]);
  if (selector.exactMatch('metadata.name') !== name) throw badRequest("fieldSelector metadata.name doesn't match requested name");
  return selector;
}

/** apimachinery/pkg/apis/meta/internalversion/validation: the rules of a watch and of a list are apart. */
function validateListOptions(options: Omit<ListOptions, 'labelSelector' | 'fieldSelector'>, watch: boolean): void {
  const errors: FieldError[] = [];
  if (watch) validateWatch(options, errors);
  else validateList(options, errors);
  refuse('ListOptions', errors);
}

type Unselected = Omit<ListOptions, 'labelSelector' | 'fieldSelector'>;
const match = 'resourceVersionMatch';

function validateWatch(options: Unselected, errors: FieldError[]): void {
  const sendInitialEvents = options.sendInitialEvents;
  if (sendInitialEvents !== undefined && options.resourceVersionMatch !== 'NotOlderThan') {
    errors.push(forbidden(match, `sendInitialEvents requires setting ${match} to NotOlderThan`));
  }
  if (options.resourceVersionMatch !== '') {
    if (sendInitialEvents === undefined) errors.push(forbidden(match, `${match} is forbidden for watch unless sendInitialEvents is provided`));
    if (options.resourceVersionMatch !== 'NotOlderThan') errors.push(notSupported(match, options.resourceVersionMatch, ['NotOlderThan']));
    if (options.continue !== '') errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
  } else if (sendInitialEvents === undefined && options.continue !== '' && ['', '0'].includes(options.resourceVersion)) {
    // A watch from the start is made one with initial events before it is judged.
    errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
  }
}

function validateList(options: Unselected, errors: FieldError[]): void {
  const value = options.resourceVersionMatch;
  if (value !== '') {
    if (options.resourceVersion === '') errors.push(forbidden(match, `${match} is forbidden unless resourceVersion is provided`));
    if (options.continue !== '') errors.push(forbidden(match, `${match} is forbidden when continue is provided`));
    if (value !== 'Exact' && value !== 'NotOlderThan') errors.push(notSupported(match, value, ['Exact', 'NotOlderThan', '']));
    if (value === 'Exact' && options.resourceVersion === '0') {
      errors.push(forbidden(match, `${match} "exact" is forbidden for resourceVersion "0"`));
    }
  }
  if (options.sendInitialEvents !== undefined) errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
}

/** The name in managedFields: the option, else the user agent up to its first slash. */
export function managerName(fieldManager: string, userAgent: string | undefined): string {
  if (fieldManager !== '') return fieldManager;
  const agent = (userAgent ?? '').split('/')[0]!;
  let name = '';
  for (const char of agent) {
    if (Buffer.byteLength(name + char) > 128) break;
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(char)) name += char;
  }
  return name === '' ? 'unknown' : name;
}

