/** agnhost connect: opens a TCP connection, or asks over UDP, and says in one word why it cannot. */
import { resolveHost } from '../../applets/network-tools.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import type { Run } from '../../wait.ts';
import { parseDuration, type Flags } from '../go.ts';
import type { Command } from './agnhost.ts';
import { awaitUdp } from './udp.ts';

/** Until Linux gives up connecting. */
const kernelTimeoutMs = 130_000;

export const connect: Command = {
  flags: { defaults: { timeout: '0s', protocol: 'tcp', 'udp-data': 'hostname', 'sctp-data': 'hostname' } },
  operands: 1,
  * run(process, flags): Run<number> {
    const protocol = flags.text('protocol');
    if (!['tcp', 'udp', ''].includes(protocol)) return fail(process, protocol === 'sctp' ? 'OTHER: sctp is not emulated' : 'Unsupported protocol');
    const address = flags.rest[0]!;
    const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(address);
    if (!match) return fail(process, `${protocol === 'udp' ? 'DNS' : 'UNKNOWN'}: address ${address}: ${address.includes(':') ? 'too many colons in address' : 'missing port in address'}`);
    const host = match[1] ?? match[2]!;
    const ip = host === '' ? '127.0.0.1' : resolveHost(process, host);
    if (ip === undefined) return fail(process, `DNS: lookup ${host}: no such host`);
    if (protocol === 'udp') return yield* overUdp(process, flags, ip, Number(match[3]));
    const socket = attempt(() => process.machine.network.connect(ip, Number(match[3])));
    if (!(socket instanceof Errno)) {
      socket.end();
      return 0;
    }
    if (socket.code === 'ECONNREFUSED') return fail(process, 'REFUSED');
    yield* process.sleep(parseDuration(flags.text('timeout')) || kernelTimeoutMs);
    return fail(process, 'TIMEOUT');
  },
};

/** Only an answer shows that somebody is there. */
function* overUdp(process: Process, flags: Flags, ip: string, port: number): Run<number> {
  const result = yield* awaitUdp(process, ip, port, `${flags.text('udp-data')}\n`, parseDuration(flags.text('timeout')) || undefined);
  if ('error' in result) return fail(process, `${result.why.toUpperCase()}: ${result.error}`);
  return result.body === '' ? fail(process, 'OTHER: No data received from the server. Cannot guarantee the server received the request.') : 0;
}

function fail(process: Process, text: string): number {
  process.complain(`${text}\n`);
  return 1;
}
