/** agnhost port-forward-tester: takes one connection, reads what it expects and sends chunks of data. */
import { attempt, Errno } from '../../errno.ts';
import type { Socket } from '../../network.ts';
import type { Process } from '../../process.ts';
import { WaitQueue, type Run } from '../../wait.ts';
import { listenOn, say } from '../serving.ts';
import type { Command } from './agnhost.ts';

/** Between the end of what it sends and the end of the connection. */
const lingerMs = 500;

export const portForwardTester: Command = {
  flags: { defaults: {} },
  * run(process): Run<number> {
    const arrived = new WaitQueue();
    let socket: Socket | undefined;
    const address = process.env.get('BIND_ADDRESS') ?? 'localhost';
    const opened = attempt(() => listenOn(process, Number(process.env.get('BIND_PORT')), (incoming) => {
      incoming.retain();
      socket ??= incoming;
      arrived.wakeAll();
    }, address === 'localhost' ? '127.0.0.1' : address === '0.0.0.0' ? undefined : address));
    if (opened instanceof Errno) return fail(process, 1, `Error listening: ${opened.message.toLowerCase()}`);
    while (!socket) yield { queues: [arrived] };
    say(process, 1, 'Accepted client connection\n');
    return (yield* serve(process, socket));
  },
};

function* serve(process: Process, socket: Socket): Run<number> {
  const fd = process.addFile(socket);
  const expected = process.env.get('EXPECTED_CLIENT_DATA') ?? '';
  if (expected !== '') {
    const data = yield* process.read(fd, expected.length);
    if (data.length !== expected.length) return fail(process, 2, `Expected to read ${expected.length} bytes from client, but got ${data.length} instead. err=<nil>`);
    if (data !== expected) return fail(process, 3, `Expect to read ${JSON.stringify(expected)}, but got ${JSON.stringify(data)}. err=<nil>`);
    say(process, 1, 'Received expected client data\n');
  }
  const sizes = ['CHUNKS', 'CHUNK_SIZE', 'CHUNK_INTERVAL'].map((name) => ({ name, text: process.env.get(name) ?? '' }));
  const wrong = sizes.find(({ text }) => !/^-?\d+$/.test(text));
  if (wrong) return fail(process, 1, `Error parsing ${wrong.name} "${wrong.text}": strconv.Atoi: parsing "${wrong.text}": invalid syntax`);
  const [chunks, size, intervalMs] = sizes.map(({ text }) => Number(text)) as [number, number, number];
  for (let i = 0; i < chunks; i++) {
    yield* process.write(fd, 'x'.repeat(size));
    if (i + 1 < chunks) yield* process.sleep(intervalMs);
  }
  say(process, 1, 'Shutting down connection\n');
  socket.end();
  yield* process.sleep(lingerMs);
  say(process, 1, 'Done\n');
  return 0;
}

function fail(process: Process, code: number, text: string): number {
  say(process, 1, `${text}\n`);
  return code;
}
