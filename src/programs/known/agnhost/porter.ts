/** agnhost porter: for each SERVE_PORT_N, a server on port N that answers everything with the variable's value. */
import { decodeText } from '../../bytes.ts';
import { goJson } from '../../../lib/go-format.ts';
import type { Run } from '../../wait.ts';
import { waitForEver } from '../go.ts';
import { serveGo } from '../go-http.ts';
import type { Command } from './agnhost.ts';

export const porter: Command = {
  flags: { defaults: { 'json-response': false } },
  * run(process, flags): Run<number> {
    for (const [name, bytes] of process.env) {
      const match = /^SERVE_(?:TCP_|(TLS)_)?PORT_(\d+)$/.exec(name);
      if (!match) continue;
      const value = decodeText(bytes);
      serveGo(process, Number(match[2]), (call, answer) => {
        if (flags.on('json-response')) answer(200, goJson({ Method: call.method, Body: value }), { 'Content-Type': 'application/json' });
        else answer(200, value);
      }, match[1] === undefined ? 'http' : 'https');
    }
    return yield* waitForEver(process);
  },
};
