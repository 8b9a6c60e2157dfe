/** Snapshots of a cluster: take, list, fetch as a file, put back a file, restore. */
import { Type } from '@sinclair/typebox';
import type { SnapshotControls } from '../src/cluster/controls.ts';
import * as own from '../src/schema/fakelet/v1.ts';
import { describe, type App } from './describe.ts';

/** `fileBytesMax`: a file is far larger than any other request. */
export function snapshotRoutes(app: App, snapshots: SnapshotControls, fileBytesMax: number): void {
  const named = Type.Object({ name: own.RuleName });
  app.get('/snapshots', { schema: describe('List the snapshots', { gives: own.SnapshotList }) }, () => snapshots.list());
  app.post('/snapshots', { schema: describe('Take a snapshot of the cluster as it is', { body: own.SnapshotRequest, gives: own.SnapshotState }) },
    ({ body }) => snapshots.take(body));
  app.get('/snapshots/:name', { schema: describe('A snapshot as a file: every input since the start', { params: named, gives: own.SnapshotFile }) },
    ({ params }) => snapshots.file(params.name));
  app.put('/snapshots/:name', { bodyLimit: fileBytesMax, schema: describe('Keep a file as a snapshot', { params: named, body: own.SnapshotFile, gives: own.SnapshotState }) },
    ({ params, body }) => snapshots.put(params.name, body));
  app.delete('/snapshots/:name', { schema: describe('Remove a snapshot', { params: named }) }, ({ params }) => snapshots.remove(params.name));
  app.post('/snapshots/:name/restore', { schema: describe('Put the cluster back to a snapshot', { params: named, gives: own.SnapshotState }) },
    ({ params }) => snapshots.restore(params.name));
}
