/** Many clusters in one process: add, list, remove. Each is served below `/clusters/NAME` like the main one below `/`. */
import { Type } from '@sinclair/typebox';
import type { ClusterSet } from '../src/cluster/cluster-set.ts';
import * as own from '../src/schema/fakelet/v1.ts';
import { describe, type App } from './describe.ts';

export function clusterRoutes(app: App, clusters: ClusterSet): void {
  const named = Type.Object({ name: Type.String() });
  app.get('/clusters', { schema: describe('List the clusters beside the main one', { gives: own.ClusterList }) }, () => clusters.list());
  app.post('/clusters', { schema: describe('Add a cluster, empty, with manifests, or as a clone', { body: own.ClusterRequest, gives: own.ClusterInfo }) },
    ({ body: { port, ...request } }) => (port === undefined ? clusters.add(request) : clusters.addWithPort({ ...request, port })));
  app.get('/clusters/:name', { schema: describe('Read a cluster', { params: named, gives: own.ClusterInfo }) }, ({ params }) => clusters.info(params.name));
  app.delete('/clusters/:name', { schema: describe('Remove a cluster', { params: named }) }, ({ params }) => clusters.remove(params.name));
}
