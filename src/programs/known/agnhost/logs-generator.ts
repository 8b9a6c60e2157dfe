/** agnhost logs-generator: so many lines in so much time, at an even pace. */
import { safeLetters } from '../../../lib/safe-letters.ts';
import type { Process } from '../../process.ts';
import type { Run } from '../../wait.ts';
import { durationText, klog, parseDuration } from '../go.ts';
import type { Command } from './agnhost.ts';

const methods = ['GET', 'POST', 'PUT'];
const namespaces = ['kube-system', 'default', 'ns'];
const source = 'logs_generator.go';

export const logsGenerator: Command = {
  flags: { defaults: { 'log-lines-total': 0, 'run-duration': '0s' }, short: { t: 'log-lines-total', d: 'run-duration' } },
  * run(process, flags): Run<number> {
    const lines = flags.number('log-lines-total');
    const durationMs = parseDuration(flags.text('run-duration')) ?? 0;
    if (lines <= 0) return fatal(process, 67, `Invalid total number of lines: ${lines}`);
    if (durationMs <= 0) return fatal(process, 71, `Invalid duration: ${durationText(durationMs)}`);
    for (let id = 0; id < lines; id++) {
      klog(process, `${source}:79`, logLine(process, id));
      yield* process.sleep(durationMs / lines);
    }
    return 0;
  },
};

/** What klog.Fatal leaves: its line, and status 255. */
function fatal(process: Process, line: number, text: string): number {
  klog(process, `${source}:${line}`, text, 'F');
  return 255;
}

function logLine({ machine: { prng } }: Process, id: number): string {
  const one = (values: readonly string[]): string => values[prng.uint32() % values.length]!;
  const pod = prng.text(3 + prng.uint32() % 2, safeLetters);
  return `${id} ${one(methods)} /api/v1/namespaces/${one(namespaces)}/pods/${pod} ${200 + prng.uint32() % 400}`;
}
