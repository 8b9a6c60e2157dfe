/** Defaults of volumes and their sources (pkg/apis/core/v1/defaults.go). */
import {
  ConfigMapVolumeSource, DownwardAPIVolumeSource, HostPathVolumeSource, ImageVolumeSource, ProjectedVolumeSource,
  SecretVolumeSource, ServiceAccountTokenProjection, Volume,
} from '../../schema/core/v1.ts';
import { pullPolicy } from './pod.ts';
import { rule, type Rule } from './rule.ts';

const defaultFileMode = 0o644;
const defaultTokenSeconds = 3600;

export const volumeDefaults: readonly Rule[] = [
  rule(Volume, (volume) => {
    if (Object.keys(volume).every((member) => member === 'name')) volume.emptyDir = {};
  }),
  rule(SecretVolumeSource, defaultMode),
  rule(ConfigMapVolumeSource, defaultMode),
  rule(DownwardAPIVolumeSource, defaultMode),
  rule(ProjectedVolumeSource, defaultMode),
  rule(ServiceAccountTokenProjection, (projection) => {
    projection.expirationSeconds ??= defaultTokenSeconds;
  }),
  rule(HostPathVolumeSource, (source) => {
    source.type ??= '';
  }),
  rule(ImageVolumeSource, (source) => {
    source.pullPolicy ??= pullPolicy(source.reference);
  }),
];

function defaultMode(source: { defaultMode?: number }): void {
  source.defaultMode ??= defaultFileMode;
}
