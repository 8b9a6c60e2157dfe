/** Where a container sees volumes: as directories (volumeMounts) or as raw devices (volumeDevices). */
import type { Container, VolumeDevice, VolumeMount } from '../../../schema/core/v1.ts';
import { forbidden, invalid, notFound, notSupported, required, type FieldError } from '../../field-error.ts';
import { hasBacksteps, validateLocalDescendingPath } from '../paths.ts';
import type { KnownVolumes } from './volumes.ts';

const mountPropagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursiveReadOnlyModes = ['Disabled', 'Enabled', 'IfPossible'];

/** Upstream leaves the index out of some paths; so do these. */
export function validateVolumeMounts(container: Container, volumes: KnownVolumes, path: string, errors: FieldError[]): void {
  const mountPaths = new Set<string>();
  const devices = container.volumeDevices ?? [];
  container.volumeMounts?.forEach((mount, i) => {
    const at = `${path}[${i}]`;
    if (!mount.name) errors.push(required(`${at}.name`));
    if (!volumes.has(mount.name)) errors.push(notFound(`${at}.name`, mount.name));
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`));
    if (mountPaths.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    mountPaths.add(mount.mountPath);
    if (devices.some((device) => device.name === mount.name)) {
      errors.push(invalid(`${at}.name`, mount.name, 'must not already exist in volumeDevices'));
    }
    if (devices.some((device) => device.devicePath === mount.mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must not already exist as a path in volumeDevices'));
    }
    validateSubPaths(mount, path, at, errors);
    validateMountPropagation(mount, container, `${path}.mountPropagation`, errors);
    validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`, errors);
  });
}

function validateSubPaths(mount: VolumeMount, listPath: string, path: string, errors: FieldError[]): void {
  if (mount.subPath) validateLocalDescendingPath(mount.subPath, `${listPath}.subPath`, errors);
  if (!mount.subPathExpr) return;
  if (mount.subPath) errors.push(invalid(`${path}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
  validateLocalDescendingPath(mount.subPathExpr, `${listPath}.subPathExpr`, errors);
}

function validateMountPropagation(mount: VolumeMount, container: Container, path: string, errors: FieldError[]): void {
  const mode = mount.mountPropagation;
  if (mode === undefined) return;
  if (!mountPropagations.includes(mode)) errors.push(notSupported(path, mode, mountPropagations));
  if (mode === 'Bidirectional' && !container.securityContext?.privileged) {
    errors.push(forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'));
  }
}

function validateRecursiveReadOnly(mount: VolumeMount, path: string, errors: FieldError[]): void {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === 'Disabled') return;
  if (!recursiveReadOnlyModes.includes(mode)) {
    errors.push(notSupported(path, mode, recursiveReadOnlyModes));
    return;
  }
  if (!mount.readOnly) errors.push(forbidden(path, 'may only be specified when readOnly is true'));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
  }
}

export function validateVolumeDevices(container: Container, volumes: KnownVolumes, path: string, errors: FieldError[]): void {
  const names = new Set<string>();
  const devicePaths = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  container.volumeDevices?.forEach((device, i) => {
    const at = `${path}[${i}]`;
    validateDeviceName(device, volumes, names, `${at}.name`, errors);
    if (!device.devicePath) errors.push(required(`${at}.devicePath`));
    if (devicePaths.has(device.devicePath)) errors.push(invalid(`${at}.devicePath`, device.devicePath, 'must be unique'));
    if (hasBacksteps(device.devicePath)) errors.push(invalid(`${at}.devicePath`, device.devicePath, "can not contain backsteps ('..')"));
    else devicePaths.add(device.devicePath);
    if (mounts.some((mount) => mount.name === device.name)) {
      errors.push(invalid(`${at}.name`, device.name, 'must not already exist in volumeMounts'));
    }
    if (mounts.some((mount) => mount.mountPath === device.devicePath)) {
      errors.push(invalid(`${at}.devicePath`, device.devicePath, 'must not already exist as a path in volumeMounts'));
    }
    if (device.name) names.add(device.name);
  });
}

function validateDeviceName(device: VolumeDevice, volumes: KnownVolumes, names: ReadonlySet<string>, path: string, errors: FieldError[]): void {
  const volume = volumes.get(device.name);
  if (!device.name) errors.push(required(path));
  if (names.has(device.name)) errors.push(invalid(path, device.name, 'must be unique'));
  if (!volume) errors.push(notFound(path, device.name));
  else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
    errors.push(invalid(path, device.name,
      'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
  }
}
