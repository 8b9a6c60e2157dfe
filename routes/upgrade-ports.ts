/** Port-forward over plain WebSocket: channel 2i carries data of the i-th port, 2i+1 its errors. */
import type { WebSocket } from 'ws';
import type { Upgrade } from '../src/api/streams.ts';
import { Brake } from './brake.ts';
import type { KubernetesHandler } from './kubernetes.ts';
import { ChannelFrames } from './upgrade-session.ts';

type PortUpgrade = Extract<Upgrade, { kind: 'portForward' }>;

export function carryPorts(upgrade: PortUpgrade, connection: WebSocket, cluster: KubernetesHandler): void {
  const frames = new ChannelFrames(connection, upgrade.handshake.protocol);
  upgrade.ports.forEach((port, i) => {
    // The first frame of either channel names the port, little endian.
    const name = Buffer.from([port & 0xff, port >> 8]);
    frames.send(2 * i, name);
    frames.send(2 * i + 1, name);
  });
  const brake = new Brake(connection);
  let open = upgrade.ports.length;
  const channels = upgrade.ports.map((port) => ({ port }));
  const connections = channels.map((channel, i) => upgrade.connect(channel.port, {
    data: (chunk) => frames.send(2 * i, chunk),
    room: () => brake.release(channel),
    end: (error) => {
      brake.release(channel);
      if (error !== undefined) frames.send(2 * i + 1, Buffer.from(error));
      open -= 1;
      if (open === 0) connection.close(1000);
    },
  }));
  connection.on('message', (frame: Buffer) => {
    const { channel, data } = frames.decode(frame);
    if (channel % 2 === 0 && connections[channel / 2]?.write(data) === false) brake.hold(channels[channel / 2]!);
    cluster.settle();
  });
  connection.on('close', () => {
    for (const one of connections) one.end();
  });
}
