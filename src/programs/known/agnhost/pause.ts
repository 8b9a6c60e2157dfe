/** agnhost pause: waits for SIGINT or SIGTERM, says so in the termination message and ends with 1 or 2. */
import { attempt } from '../../errno.ts';
import { SIGINT, SIGTERM } from '../../signals.ts';
import type { Run } from '../../wait.ts';
import { say, untilSignal, writeAll } from '../serving.ts';
import type { Command } from './agnhost.ts';

export const pause: Command = {
  flags: { defaults: {} },
  * run(process): Run<number> {
    say(process, 1, 'Paused\nSignals registered\n');
    const signal = yield* untilSignal(process, [SIGINT, SIGTERM]);
    const message = `exiting because of signal "${signal === SIGINT ? 'interrupt' : 'terminated'}"\n`;
    attempt(() => writeAll(process, process.env.get('TERMINATION_MESSAGE_PATH') || '/dev/termination-log', message));
    say(process, 1, message);
    return signal === SIGINT ? 1 : 2;
  },
};
