/** Environment variables of a container. */
import type { EnvFromSource, EnvVar, EnvVarSource, FileKeySelector } from '../../../schema/core/v1.ts';
import { invalid, required, type FieldError } from '../../field-error.ts';
import { configMapKey, dns1123Label, nameIsDNSSubdomain, nameIsDNSSubdomainPrefix, relaxedEnvVarName } from '../names.ts';
import { validatePathNoBacksteps } from '../paths.ts';
import { invalidForEach } from '../rules.ts';
import { envFieldPaths, validateFieldRef, validateResourceFieldRef } from './downward-api.ts';

const oneOfSources =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
const moreThanOne = 'may not have more than one field specified at a time';

export function validateEnv(variables: readonly EnvVar[] | undefined, path: string, errors: FieldError[]): void {
  variables?.forEach((variable, i) => {
    const at = `${path}[${i}]`;
    if (!variable.name) errors.push(required(`${at}.name`));
    else invalidForEach(relaxedEnvVarName(variable.name), variable.name, `${at}.name`, errors);
    if (variable.valueFrom) validateValueFrom(variable.valueFrom, variable.value, `${at}.valueFrom`, errors);
  });
}

function validateValueFrom(source: EnvVarSource, value: string | undefined, path: string, errors: FieldError[]): void {
  if (source.fieldRef) validateFieldRef(source.fieldRef, envFieldPaths, `${path}.fieldRef`, errors);
  if (source.resourceFieldRef) validateResourceFieldRef(source.resourceFieldRef, `${path}.resourceFieldRef`, false, errors);
  for (const member of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const ref = source[member];
    if (!ref) continue;
    invalidForEach(nameIsDNSSubdomain(ref.name ?? ''), ref.name ?? '', `${path}.${member}.name`, errors);
    if (!ref.key) errors.push(required(`${path}.${member}.key`));
    else invalidForEach(configMapKey(ref.key), ref.key, `${path}.${member}.key`, errors);
  }
  if (source.fileKeyRef) validateFileKeyRef(source.fileKeyRef, `${path}.fileKeyRef`, errors);

  const sources = Object.keys(source).length;
  if (sources === 0) errors.push(invalid(path, '', oneOfSources));
  else if (value) errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (sources > 1) errors.push(invalid(path, '', moreThanOne));
}

function validateFileKeyRef(ref: FileKeySelector, path: string, errors: FieldError[]): void {
  if (!ref.key) errors.push(required(`${path}.key`));
  else invalidForEach(relaxedEnvVarName(ref.key), ref.key, `${path}.key`, errors);
  if (!ref.volumeName) errors.push(required(`${path}.volumeName`));
  else invalidForEach(dns1123Label(ref.volumeName), ref.volumeName, `${path}.volumeName`, errors);
  if (!ref.path) errors.push(required(`${path}.path`));
  else validatePathNoBacksteps(ref.path, `${path}.path`, errors);
}

export function validateEnvFrom(sources: readonly EnvFromSource[] | undefined, path: string, errors: FieldError[]): void {
  sources?.forEach((source, i) => {
    const at = `${path}[${i}]`;
    if (source.prefix) invalidForEach(relaxedEnvVarName(source.prefix), source.prefix, `${at}.prefix`, errors);
    for (const member of ['configMapRef', 'secretRef'] as const) {
      const ref = source[member];
      if (!ref) continue;
      if (!ref.name) errors.push(required(`${at}.${member}.name`));
      else invalidForEach(nameIsDNSSubdomainPrefix(ref.name), ref.name, `${at}.${member}.name`, errors);
    }
    if (!source.configMapRef && !source.secretRef) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (source.configMapRef && source.secretRef) errors.push(invalid(path, '', moreThanOne));
  });
}
