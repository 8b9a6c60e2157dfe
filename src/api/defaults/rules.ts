/** The conditional defaulting rules by type name. */
import { admissionDefaults } from './admission.ts';
import { clusterDefaults } from './cluster.ts';
import { configDefaults } from './config.ts';
import type { Rule } from './rule.ts';
import { podDefaults } from './pod.ts';
import { serviceDefaults } from './service.ts';
import { storageDefaults } from './storage.ts';
import { volumeDefaults } from './volumes.ts';
import { workloadDefaults } from './workloads.ts';

export const defaulters: ReadonlyMap<string, Rule['apply']> = new Map([
  ...podDefaults, ...volumeDefaults, ...serviceDefaults, ...workloadDefaults, ...configDefaults, ...storageDefaults,
  ...clusterDefaults, ...admissionDefaults,
].map(({ typeName, apply }) => [typeName, apply]));
