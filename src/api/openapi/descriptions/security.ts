/** Texts of security settings, of containers and of Pods as a whole. */
import type { FieldTexts, Texts } from './texts.ts';

/** What containers and Pods both can say. */
export const securityFields: FieldTexts = {
  seLinuxOptions: 'The SELinux label that processes run with.',
  windowsOptions: 'Settings for Windows alone.',
  runAsUser: 'The number of the user that processes run as; the image\'s user unless given.',
  runAsGroup: 'The number of the group that processes run in.',
  runAsNonRoot: 'Whether a container that would run as root is refused.',
  seccompProfile: 'Which system calls processes may make.',
  appArmorProfile: 'The AppArmor profile that processes run under.',
};

export const securityTexts = (): Texts => ({
  SecurityContext: ['Security settings of a container; they go before those of the Pod.', {
    ...securityFields,
    capabilities: 'Capabilities that are added to or taken from what the runtime gives.',
    privileged: 'Whether the container may do nearly all that root on the node may do.',
    readOnlyRootFilesystem: 'Whether files outside of volumes are read-only.',
    allowPrivilegeEscalation: 'Whether a process may get more rights than its parent has.',
    procMount: 'Whether parts of /proc are hidden, as usual (Default), or not (Unmasked).',
  }],
  Capabilities: ['Capabilities of Linux that a container gains and loses.', {
    add: 'Capabilities to add.',
    drop: 'Capabilities to take away; ALL takes every one.',
  }],
  SELinuxOptions: ['The parts of an SELinux label.', {
    user: 'The user of the label.',
    role: 'The role of the label.',
    type: 'The type of the label.',
    level: 'The level of the label.',
  }],
  WindowsSecurityContextOptions: ['Security settings of Windows containers.', {
    gmsaCredentialSpecName: 'The name of the credential specification of a group managed service account.',
    gmsaCredentialSpec: 'That credential specification itself; usually a webhook fills it in.',
    runAsUserName: 'The Windows user that processes run as.',
    hostProcess: 'Whether containers run as processes of the node; the same for all containers of a Pod.',
  }],
  SeccompProfile: ['Which system calls are allowed.', {
    type: 'The runtime\'s profile (RuntimeDefault), a file of the node (Localhost) or no limits (Unconfined).',
    localhostProfile: 'The file of the profile, below the directory that the kubelet keeps them in; for Localhost alone.',
  }],
  AppArmorProfile: ['Which AppArmor profile applies.', {
    type: 'The runtime\'s profile (RuntimeDefault), one of the node (Localhost) or none (Unconfined).',
    localhostProfile: 'The name of a profile that is loaded on the node; for Localhost alone.',
  }],
});
