/** agnhost serve-hostname: the host's name over HTTP, TCP or UDP. */
import { attempt, Errno } from '../../errno.ts';
import { SIGTERM } from '../../signals.ts';
import type { Run } from '../../wait.ts';
import { log } from '../go.ts';
import { serveGo } from '../go-http.ts';
import { listenOn, untilSignal } from '../serving.ts';
import type { Command } from './agnhost.ts';
import { serveUdp } from './udp.ts';

/** How long it stays after SIGTERM, for clients that still come. */
const lingerMs = 60_000;

export const serveHostname: Command = {
  flags: { defaults: { tcp: false, udp: false, http: true, close: false, port: 9376 } },
  * run(process, flags): Run<number> {
    const { hostname } = process.machine;
    const port = flags.number('port');
    if (flags.on('http') && (flags.on('tcp') || flags.on('udp'))) {
      log(process, "Can't server TCP/UDP mode and HTTP mode at the same time");
      return 1;
    }
    if (flags.on('tcp')) {
      const opened = attempt(() => listenOn(process, port, (socket) => {
        log(process, `TCP request from ${socket.remote}`);
        socket.retain();
        socket.send(hostname, () => socket.release());
      }));
      if (opened instanceof Errno) {
        log(process, `Error from net.Listen(): listen tcp :${port}: bind: ${opened.message.toLowerCase()}`);
        return 1;
      }
    }
    if (flags.on('udp')) {
      const opened = attempt(() => serveUdp(process, port, (_, from) => {
        log(process, `UDP request from ${from}`);
        return hostname;
      }));
      if (opened instanceof Errno) {
        log(process, `Error from net.ListenPacket(): listen udp :${port}: bind: ${opened.message.toLowerCase()}`);
        return 1;
      }
    }
    const failed = flags.on('http') ? serveGo(process, port, (call, answer) => {
      log(process, `HTTP request from ${call.remote}`);
      answer(200, hostname);
    }) : undefined;
    if (failed !== undefined) return failed;
    log(process, `Serving on port ${port}.`);
    yield* untilSignal(process, [SIGTERM]);
    log(process, 'Shutting down after receiving signal: terminated.');
    log(process, 'Awaiting pod deletion.');
    yield* process.sleep(lingerMs);
    return 0;
  },
};
