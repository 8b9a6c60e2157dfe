/** Texts of the group apps: Deployments and ReplicaSets. */
import type { Texts } from './texts.ts';
import { conditionFields } from './pod-status.ts';

const minReadySeconds = 'How many seconds a Pod has to be ready before it counts as available.';
const terminatingReplicas = 'How many Pods are on their way out.';

export const appsTexts = (): Texts => ({
  Deployment: ['Keeps a number of like Pods running, and replaces them step by step when their template changes.', {
    spec: 'What is wanted of the Deployment.',
    status: 'What was last seen of the Deployment.',
  }],
  DeploymentSpec: ['What is wanted of a Deployment.', {
    replicas: 'How many Pods to run; 1 unless given.',
    selector: 'Chooses the Pods by their labels; the template has to fit, and it cannot be changed.',
    template: 'What the Pods look like.',
    strategy: 'How old Pods are replaced by new ones.',
    minReadySeconds,
    revisionHistoryLimit: 'How many old ReplicaSets are kept to go back to; 10 unless given.',
    paused: 'Whether changes of the template wait.',
    progressDeadlineSeconds: 'After how many seconds without progress a rollout has failed; 600 unless given.',
  }],
  DeploymentStrategy: ['The way from old Pods to new ones.', {
    type: 'Step by step (RollingUpdate), or all old ones first (Recreate).',
    rollingUpdate: 'How large the steps of a RollingUpdate are.',
  }],
  RollingUpdateDeployment: ['How large the steps of a rollout are.', {
    maxUnavailable: 'How many Pods may be missing, as a number or a share; a quarter unless given.',
    maxSurge: 'How many Pods there may be too many, as a number or a share; a quarter unless given.',
  }],
  DeploymentStatus: ['What was last seen of a Deployment.', {
    observedGeneration: 'The generation of the Deployment that the status was made from.',
    replicas: 'How many Pods there are, old and new.',
    updatedReplicas: 'How many Pods are of the present template.',
    readyReplicas: 'How many Pods are ready.',
    availableReplicas: 'How many Pods are available: ready for long enough.',
    unavailableReplicas: 'How many Pods are still missing for all to be available.',
    terminatingReplicas,
    conditions: 'What holds of the Deployment, for example whether it is available or makes progress.',
    collisionCount: 'How often the name of a new ReplicaSet was taken; it changes the next name.',
  }],
  DeploymentCondition: ['One observed aspect of the state of a Deployment.', {
    ...conditionFields,
    lastUpdateTime: 'When the condition was last written.',
  }],
  ReplicaSet: ['Keeps a number of like Pods running; usually a Deployment makes it.', {
    spec: 'What is wanted of the ReplicaSet.',
    status: 'What was last seen of the ReplicaSet.',
  }],
  ReplicaSetSpec: ['What is wanted of a ReplicaSet.', {
    replicas: 'How many Pods to run; 1 unless given.',
    minReadySeconds,
    selector: 'Chooses the Pods by their labels; the template has to fit, and it cannot be changed.',
    template: 'What Pods look like that are made; a change does not touch those that are there.',
  }],
  ReplicaSetStatus: ['What was last seen of a ReplicaSet.', {
    replicas: 'How many Pods there are.',
    fullyLabeledReplicas: 'How many Pods have all labels of the template.',
    readyReplicas: 'How many Pods are ready.',
    availableReplicas: 'How many Pods are available: ready for long enough.',
    terminatingReplicas,
    observedGeneration: 'The generation of the ReplicaSet that the status was made from.',
    conditions: 'What holds of the ReplicaSet, for example that Pods cannot be made.',
  }],
  ReplicaSetCondition: ['One observed aspect of the state of a ReplicaSet.', conditionFields],
});
