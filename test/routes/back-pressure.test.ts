/** What a client sends while a program does not read waits at the client; one that does not read itself is cut off. */
import { expect, test } from 'vitest';
import { startKube, type Kube } from 'fakelet';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { SpdyConnection } from '../../routes/spdy-connection.ts';
import { ChannelFrames } from '../../routes/upgrade-session.ts';
import { limits } from '../../src/limits.ts';
import { createPod, shell } from '../support/pods.ts';

const megabyte = 1024 * 1024;
const sentBytes = 32 * megabyte;
/** What the sockets of the machine, ws and a pipe of a container may take together. */
const takenBytesMax = 16 * megabyte;

const path = '/api/v1/namespaces/default/pods/web';

async function connect(kube: Kube, query: string, protocol: string): Promise<WebSocket> {
  const socket = new WebSocket(`${kube.url.replace('http', 'ws')}${path}/${query}`, [protocol]);
  await new Promise((resolve, reject) => {
    socket.on('open', resolve).on('error', reject);
  });
  return socket;
}

const pause = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Sends much to channel 0; bytes that have left the client when nothing moves any more. */
async function flood(socket: WebSocket): Promise<number> {
  const chunk = Buffer.alloc(megabyte);
  for (let sent = 0; sent < sentBytes; sent += megabyte - 1) socket.send(chunk);
  let left = -1;
  while (left !== socket.bufferedAmount) {
    left = socket.bufferedAmount;
    await pause(200);
  }
  return sentBytes - left;
}

/** Waits until all has left the client. */
async function untilEmpty(socket: WebSocket): Promise<void> {
  for (let i = 0; i < 200 && socket.bufferedAmount > 0; i++) await pause(50);
}

/** Reads nothing before somebody makes /tmp/go. */
const reader = 'until [ -e /tmp/go ]; do sleep 0.1; done; cat > /dev/null';

test('a client that does not read what comes out is cut off at the bound', () => {
  const told: string[] = [];
  const connection = { OPEN: 1, readyState: 1, bufferedAmount: limits.unreadBytesMax, send: () => told.push('sent'), terminate: () => void told.push('cut off') };
  const frames = new ChannelFrames(connection as unknown as WebSocket, 'v5.channel.k8s.io');
  frames.send(1, Buffer.from('fits'));
  connection.bufferedAmount++;
  frames.send(1, Buffer.from('too much'));
  expect(told).toEqual(['sent', 'cut off']);
});

test('a SPDY client that does not read what comes out is cut off at the bound', async () => {
  const socket = new Duplex({ read: () => undefined, write: () => undefined });
  let streams = 0;
  new SpdyConnection(socket, () => { streams++; }, () => undefined);
  const ping = Buffer.from('8003000600000004' + '00000001', 'hex');
  socket.emit('data', ping);
  await pause(0);
  expect(socket.destroyed).toBe(false);
  socket.write(Buffer.alloc(limits.unreadBytesMax));
  socket.emit('data', ping);
  await pause(0);
  expect([socket.destroyed, streams]).toEqual([true, 0]);
});

test.each([
  ['exec', `exec?stdin=true&stdout=true&command=sh&command=-c&command=${encodeURIComponent(reader)}`, 'v5.channel.k8s.io'],
  ['attach', 'attach?stdin=true&stdout=true', 'v5.channel.k8s.io'],
  ['port-forward', 'portforward?ports=7000', 'v4.channel.k8s.io'],
])('%s takes no more than it can hold, and the rest once the program reads', async (_name, query, protocol) => {
  await using kube = await startKube({ clock: 'real', profile: 'fast' });
  const script = `nc -l -p 7000 -e sh -c '${reader}' & ${reader}`;
  await createPod(kube, 'web', { containers: [shell('app', script, { stdin: true })] });
  await kube.wait({ name: 'web', for: 'phase=Running' });
  const socket = await connect(kube, query, protocol);
  expect(await flood(socket)).toBeLessThan(takenBytesMax);
  const go = await connect(kube, 'exec?stdout=true&command=touch&command=/tmp/go', 'v5.channel.k8s.io');
  await untilEmpty(socket);
  expect(socket.bufferedAmount).toBe(0);
  go.terminate();
  socket.terminate();
}, 60_000);
