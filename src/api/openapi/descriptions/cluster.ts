/** Texts of nodes and namespaces. */
import type { Texts } from './texts.ts';
import { conditionFields } from './pod-status.ts';

export const clusterTexts = (): Texts => ({
  Namespace: ['A space for names; most objects are in one.', {
    spec: 'What is wanted of the namespace.',
    status: 'What was last seen of the namespace.',
  }],
  NamespaceSpec: ['What is wanted of a namespace.', {
    finalizers: 'What has to be done before the namespace is gone; kubernetes stands for deleting its objects.',
  }],
  NamespaceStatus: ['What was last seen of a namespace.', {
    phase: 'Active, or Terminating while its objects are deleted.',
    conditions: 'What is in the way of its deletion.',
  }],
  NamespaceCondition: ['One observed aspect of the state of a namespace.', conditionFields],
  Node: ['A machine on which Pods run.', {
    spec: 'What is wanted of the node.',
    status: 'What was last seen of the node; its kubelet writes it.',
  }],
  NodeSpec: ['What is wanted of a node.', {
    podCIDR: 'The range of addresses for Pods on the node.',
    podCIDRs: 'All ranges of addresses for Pods, at most one of each IP version.',
    providerID: 'The identifier of the machine at the cloud that it is from.',
    unschedulable: 'Whether new Pods are kept away; kubectl cordon sets it.',
    taints: 'What keeps Pods away that do not tolerate it.',
    configSource: 'Formerly where the kubelet took its settings from; it has no effect.',
    externalID: 'No longer used.',
  }],
  Taint: ['Keeps Pods away from a node, unless they tolerate it.', {
    key: 'The key of the taint.',
    value: 'The value of the taint.',
    effect: 'NoSchedule keeps new Pods away, PreferNoSchedule does so if possible, NoExecute also evicts those that run.',
    timeAdded: 'When the taint was added.',
  }],
  NodeConfigSource: ['Formerly where a kubelet took its settings from.', { configMap: 'A ConfigMap.' }],
  ConfigMapNodeConfigSource: ['Formerly a ConfigMap with the settings of a kubelet.', {
    namespace: 'The namespace of the ConfigMap.',
    name: 'The name of the ConfigMap.',
    uid: 'The UID of the ConfigMap.',
    resourceVersion: 'The resource version of the ConfigMap.',
    kubeletConfigKey: 'The key with the settings.',
  }],
  NodeStatus: ['What was last seen of a node.', {
    capacity: 'How much there is of each resource.',
    allocatable: 'How much of each resource Pods can have.',
    phase: 'No longer used.',
    conditions: 'What holds of the node, for example whether it is ready or short of memory.',
    addresses: 'The names and addresses of the node.',
    daemonEndpoints: 'The ports of the daemons on the node.',
    nodeInfo: 'Versions and identifiers of the machine and its software.',
    images: 'Images that are on the node.',
    volumesInUse: 'Volumes that Pods on the node use.',
    volumesAttached: 'Volumes that are attached to the node.',
    config: 'Formerly the settings of the kubelet; it has no effect.',
    runtimeHandlers: 'The ways in which the node can run containers.',
    features: 'What the container runtime can do.',
    declaredFeatures: 'Names of features of the kubelet that matter for scheduling.',
  }],
  NodeCondition: ['One observed aspect of the state of a node.', {
    ...conditionFields,
    type: 'What the condition is about, for example Ready or MemoryPressure.',
    lastHeartbeatTime: 'When the kubelet last reported the condition.',
  }],
  NodeAddress: ['A name or address of a node.', {
    type: 'What it is, for example Hostname, InternalIP or ExternalIP.',
    address: 'The name or address itself.',
  }],
  NodeDaemonEndpoints: ['The ports of the daemons on a node.', { kubeletEndpoint: 'The port of the kubelet.' }],
  DaemonEndpoint: ['A port of a daemon.', { Port: 'The number of the port.' }],
  NodeSystemInfo: ['Versions and identifiers of a machine and its software.', {
    machineID: 'The identifier of the machine, from /etc/machine-id.',
    systemUUID: 'The identifier of the machine, from its firmware.',
    bootID: 'An identifier that changes with every boot.',
    kernelVersion: 'The version of the kernel.',
    osImage: 'The operating system and its version, in words.',
    containerRuntimeVersion: 'The container runtime and its version.',
    kubeletVersion: 'The version of the kubelet.',
    kubeProxyVersion: 'No longer filled in with the version of kube-proxy.',
    operatingSystem: 'The operating system, for example linux.',
    architecture: 'The architecture, for example amd64.',
    swap: 'How much memory can be swapped out.',
  }],
  NodeSwapStatus: ['The swap space of a node.', { capacity: 'The size in bytes.' }],
  ContainerImage: ['An image on a node.', {
    names: 'The names by which the image is known.',
    sizeBytes: 'The size in bytes.',
  }],
  AttachedVolume: ['A volume that is attached to a node.', {
    name: 'The name of the volume.',
    devicePath: 'The path of the device on the node.',
  }],
  NodeConfigStatus: ['Formerly the settings of a kubelet.', {
    assigned: 'The settings that the kubelet was to use next.',
    active: 'The settings that the kubelet used.',
    lastKnownGood: 'The settings that the kubelet went back to after mistakes.',
    error: 'What was wrong with the settings.',
  }],
  NodeRuntimeHandler: ['A way in which a node can run containers.', {
    name: 'The name by which RuntimeClasses refer to it; empty for the usual one.',
    features: 'What it can do.',
  }],
  NodeRuntimeHandlerFeatures: ['What a way of running containers can do.', {
    recursiveReadOnlyMounts: 'Whether mounts below a read-only one can be made read-only.',
    userNamespaces: 'Whether Pods can have users of their own.',
  }],
  NodeFeatures: ['What the container runtime of a node can do.', {
    supplementalGroupsPolicy: 'Whether groups that the image gives to the user can be left out.',
  }],
});
