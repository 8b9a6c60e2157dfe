/** agnhost grpc-health-checking: a gRPC health service whose state can be set over HTTP. */
import { attempt, Errno } from '../../errno.ts';
import { healthServer, type HealthAnswer } from '../../protocols/grpc-health.ts';
import type { Run } from '../../wait.ts';
import { durationText, log, waitForEver } from '../go.ts';
import { notFound, serveGo } from '../go-http.ts';
import { listenOn } from '../serving.ts';
import type { Command } from './agnhost.ts';

const NOT_FOUND = 5;

export const grpcHealthChecking: Command = {
  flags: { defaults: { port: 5000, 'http-port': 8080, 'delay-unhealthy-sec': -1, service: '', 'tls-cert-file': '', 'tls-private-key-file': '' } },
  * run(process, flags): Run<number> {
    const { clock } = process.machine;
    let forced: boolean | undefined;
    const elapsedMs = (): number => clock.now() - process.startedAt;
    const check = (service: string): HealthAnswer => {
      log(process, `Serving the Check request for health check, started at ${new Date(process.startedAt).toISOString().replace('T', ' ').replace('Z', ' +0000 UTC')} m=+0.000`);
      if (service !== flags.text('service')) return { code: NOT_FOUND, message: 'unknown service' };
      const delayS = flags.number('delay-unhealthy-sec');
      return { status: forced === true || (delayS >= 0 && elapsedMs() >= delayS * 1000) ? 'NOT_SERVING' : 'SERVING' };
    };
    const port = flags.number('port');
    const opened = attempt(() => listenOn(process, port, (socket) => {
      socket.retain();
      socket.onData(healthServer(socket, check));
    }));
    if (opened instanceof Errno) {
      log(process, `Error while starting the listening service listen tcp :${port}: bind: ${opened.message.toLowerCase()}`);
      return 1;
    }
    log(process, `Http server starting to listen on :${flags.number('http-port')}`);
    const failed = serveGo(process, flags.number('http-port'), ({ path }, answer) => {
      if (path !== '/make-not-serving' && path !== '/make-serving') return notFound(answer);
      forced = path === '/make-not-serving';
      log(process, `Mark as ${forced ? 'unhealthy' : 'healthy'}`);
      answer(200, durationText(elapsedMs()));
    });
    if (failed !== undefined) return failed;
    log(process, `gRPC server starting to listen on :${port}`);
    return yield* waitForEver(process);
  },
};
