/** Port-forward over plain WebSocket: channel 2i carries data of the i-th port, 2i+1 its errors. */
import type { WebSocket } from 'ws';
import type { Upgrade } from '../src/api/kube-api.ts';
import type { KubernetesHandler } from './kubernetes.ts';
import { ChannelFrames } from './upgrade-session.ts';

type PortUpgrade = Extract<Upgrade, { kind: 'portforward' }>;

export function carryPorts(upgrade: PortUpgrade, connection: WebSocket, cluster: KubernetesHandler): void {
  const frames = new ChannelFrames(connection);
  const connections = upgrade.ports.map((port, i) => {
    // The first frame of either channel names the port, little endian.
    const name = Buffer.from([port & 0xff, port >> 8]);
    frames.send(2 * i, name);
    frames.send(2 * i + 1, name);
    return upgrade.nodes.portForward(upgrade.pod, port, {
      data: (chunk) => frames.send(2 * i, chunk),
      end: (error) => { if (error !== undefined) frames.send(2 * i + 1, Buffer.from(error)); },
    });
  });
  connection.on('message', (frame: Buffer) => {
    const { channel, data } = frames.decode(frame);
    if (channel % 2 === 0) connections[channel / 2]?.write(data);
    cluster.settle();
  });
  connection.on('close', () => {
    for (const one of connections) one.end();
  });
}
