/** agnhost liveness: healthy for ten seconds, unhealthy from then on. */
import type { Run } from '../../wait.ts';
import { durationText, waitForEver } from '../go.ts';
import { notFound, redirect, serveGo } from '../go-http.ts';
import type { Command } from './agnhost.ts';

const healthyMs = 10_000;

export const liveness: Command = {
  flags: { defaults: {} },
  * run(process): Run<number> {
    const { clock } = process.machine;
    const failed = serveGo(process, 8080, (call, answer) => {
      const elapsedMs = clock.now() - process.startedAt;
      if (call.path === '/started') return answer(200, durationText(elapsedMs));
      if (call.path === '/healthz') return elapsedMs > healthyMs ? answer(500, `error: ${elapsedMs / 1000}`) : answer(200, 'ok');
      return call.path === '/redirect' ? redirect(call, answer, call.form.get('loc') ?? '', 302) : notFound(answer);
    });
    return failed ?? (yield* waitForEver(process));
  },
};
