/** Our own objects around whole clusters: snapshots, and many clusters in one process. */
import { Type, type Static } from '@sinclair/typebox';
import { closed, RuleName } from './rule.ts';

export const SnapshotRequest = Type.Object({
  name: Type.Optional(RuleName),
}, { $id: 'SnapshotRequest', ...closed });
export type SnapshotRequest = Static<typeof SnapshotRequest>;

export const SnapshotState = Type.Object({
  name: RuleName,
  now: Type.String({ format: 'date-time', description: 'Clock time at which it was taken.' }),
  inputs: Type.Integer({ description: 'Requests and calls since the start that it plays again.' }),
  sequence: Type.Integer({ description: "Number of the journal's newest entry." }),
}, { $id: 'SnapshotState' });
export type SnapshotState = Static<typeof SnapshotState>;

export const SnapshotList = Type.Object({ items: Type.Array(SnapshotState) }, { $id: 'SnapshotList' });
export type SnapshotList = Static<typeof SnapshotList>;

/** A snapshot as a file: what came into the cluster since its start, and when. */
export const SnapshotFile = Type.Object({
  fakeletSnapshot: Type.String({ description: 'Version of the fakelet that took it.' }),
  startTime: Type.String(),
  now: Type.String(),
  sequence: Type.Integer({ minimum: 0 }),
  rate: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  settings: Type.Object({
    options: Type.Record(Type.String(), Type.Unknown()),
    images: Type.Array(Type.Unknown()),
    manifests: Type.Array(Type.Unknown()),
    scenarios: Type.Array(Type.Unknown()),
  }),
  inputs: Type.Array(Type.Object({
    at: Type.Integer({ description: 'Clock time, in ms since 1970.' }),
    sequence: Type.Integer(),
    kind: Type.Union([Type.Literal('request'), Type.Literal('control'), Type.Literal('session')]),
  })),
}, { $id: 'SnapshotFile' });
export type SnapshotFile = Static<typeof SnapshotFile>;

export const ClusterRequest = Type.Object({
  name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63, description: 'A DNS label; the cluster is served at /clusters/NAME.' }),
  options: Type.Optional(Type.Record(Type.String(), Type.Unknown(), {
    description: 'Options of the new cluster: seed, nodes, profile, clock … Others are as those of the main cluster.' })),
  manifests: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 10_000, description: 'Objects to create at its start.' })),
  port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: 'A port of its own beside its path; 0 picks a free one.' })),
  clone: Type.Optional(Type.String({ description: 'Begin as this cluster is now; `main` is the one without a prefix.' })),
  snapshot: Type.Optional(Type.String({ description: 'Begin as this snapshot of the cloned cluster (default: of main).' })),
}, { $id: 'ClusterRequest', ...closed });
export type ClusterRequest = Static<typeof ClusterRequest>;

export const ClusterInfo = Type.Object({
  name: Type.String(),
  path: Type.String({ description: 'Base of its Kubernetes API and of its /_fakelet/v1; its kubeconfig is at PATH/_fakelet/v1/kubeconfig.' }),
  url: Type.Optional(Type.String({ description: 'Base of the same at its own port, when it has one.' })),
  isUp: Type.Boolean({ description: 'False until the first use: until then it costs next to nothing.' }),
}, { $id: 'ClusterInfo' });
export type ClusterInfo = Static<typeof ClusterInfo>;

export const ClusterList = Type.Object({ items: Type.Array(ClusterInfo) }, { $id: 'ClusterList' });
export type ClusterList = Static<typeof ClusterList>;
