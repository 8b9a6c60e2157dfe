/** What the pod recordings do to a node from outside, as calls of the emulator's own node verbs. */
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { StartedServer } from '../../src/serve.ts';
import type { EmulatorControls } from '../../src/cluster/controls.ts';

interface HookCall {
  readonly op: string;
  readonly ns: string;
  readonly podName: string;
  readonly node: string;
  readonly container: string;
  readonly name: string;
  readonly manifest: { metadata: { name: string } };
}

/** Listens for the replay script's `--node-hook` calls. */
export async function nodeHook({ cluster: { controls, clock } }: StartedServer): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    request.on('end', () => {
      try {
        run(controls, JSON.parse(text) as HookCall, (delayMs, later) => void clock.after(delayMs, 'node hook', later));
        response.end('{}');
      } catch (error) {
        response.statusCode = 500;
        response.end((error as Error).message);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function run(controls: EmulatorControls, call: HookCall, after: (delayMs: number, later: () => void) => void): void {
  const { op, ns, podName, node, container, name, manifest } = call;
  switch (op) {
    case 'killContainer': return void controls.exitContainer(ns, podName, container, {});
    case 'killSandbox': return void controls.killSandbox(ns, podName);
    case 'stopKubelet': return void controls.node(node, 'stop');
    case 'startKubelet': return void controls.node(node, 'start');
    case 'restartKubelet':
      controls.node(node, 'stop');
      return after(2000, () => void controls.node(node, 'start'));
    case 'writeStaticPod': return void controls.writeStaticPod(node, manifest.metadata.name, manifest);
    case 'removeStaticPod': return void controls.removeStaticPod(node, name);
    case 'addNode': return void controls.addNodes({ name, unschedulable: true });
    case 'removeNode': return void controls.node(name, 'remove');
    default: throw new Error(`Failed to play a node action: '${op}' is unknown.`);
  }
}
