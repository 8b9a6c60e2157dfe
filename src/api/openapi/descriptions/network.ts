/** Texts of Services. */
import type { Texts } from './texts.ts';

export const networkTexts = (): Texts => ({
  Service: ['A name and an address behind which a changing set of Pods answers.', {
    spec: 'What is wanted of the Service.',
    status: 'What was last seen of the Service.',
  }],
  ServiceSpec: ['What is wanted of a Service: which Pods answer, and how they are reached.', {
    ports: 'The ports of the Service.',
    selector: 'Labels of the Pods that answer; without any, somebody else writes the endpoints.',
    clusterIP: 'The address within the cluster; the server chooses one, and None asks for none.',
    clusterIPs: 'All addresses within the cluster, at most one of each IP version.',
    type: 'How the Service is reached: ClusterIP, NodePort, LoadBalancer or ExternalName.',
    externalIPs: 'Further addresses at which nodes take traffic for the Service.',
    sessionAffinity: 'Whether a client always reaches the same Pod (ClientIP) or not (None).',
    loadBalancerIP: 'An address to ask the load balancer for; outdated.',
    loadBalancerSourceRanges: 'Ranges of addresses from which the load balancer takes traffic.',
    externalName: 'The name that lookups of an ExternalName Service are sent to.',
    externalTrafficPolicy: 'Whether traffic from outside reaches Pods on all nodes (Cluster) or on the node that took it (Local).',
    healthCheckNodePort: 'A port of the nodes that tells load balancers whether the node has Pods; for Local traffic alone.',
    publishNotReadyAddresses: 'Whether Pods that are not ready answer, too.',
    sessionAffinityConfig: 'More about how a client stays with a Pod.',
    ipFamilies: 'The IP versions of the addresses, in order.',
    ipFamilyPolicy: 'Whether addresses of one or both IP versions are wanted: SingleStack, PreferDualStack or RequireDualStack.',
    allocateLoadBalancerNodePorts: 'Whether a Service of the type LoadBalancer gets ports of the nodes, too; true unless said otherwise.',
    loadBalancerClass: 'The kind of load balancer that is wanted.',
    internalTrafficPolicy: 'Whether traffic from within the cluster reaches Pods on all nodes (Cluster) or on its own node (Local).',
    trafficDistribution: 'Which Pods traffic prefers, for example those of the same zone.',
  }],
  ServicePort: ['A port of a Service.', {
    name: 'The name of the port; needed when there are several.',
    protocol: 'TCP, UDP or SCTP; TCP unless said otherwise.',
    appProtocol: 'The protocol that is spoken over it, for example http.',
    port: 'The number of the port at the Service.',
    targetPort: 'The number or name of the port in the Pods; the same number unless given.',
    nodePort: 'The port of every node that leads to the Service; the server chooses one when the type needs it.',
  }],
  SessionAffinityConfig: ['More about how a client stays with a Pod.', { clientIP: 'Settings for clients that are known by their address.' }],
  ClientIPConfig: ['How long a client stays with a Pod.', { timeoutSeconds: 'How many seconds, at most a day; three hours unless given.' }],
  ServiceStatus: ['What was last seen of a Service.', {
    loadBalancer: 'What the load balancer gave.',
    conditions: 'What holds of the Service.',
  }],
  LoadBalancerStatus: ['What a load balancer gave.', { ingress: 'The places at which it takes traffic.' }],
  LoadBalancerIngress: ['A place at which a load balancer takes traffic.', {
    ip: 'Its address, if it is known by one.',
    hostname: 'Its name, if it is known by one.',
    ipMode: 'Whether traffic to the address arrives at the node as it was sent (VIP) or by way of the load balancer (Proxy).',
    ports: 'The state of its ports.',
  }],
  PortStatus: ['The state of a port of a load balancer.', {
    port: 'The number of the port.',
    protocol: 'TCP, UDP or SCTP.',
    error: 'What is wrong with the port, in one word.',
  }],
});
