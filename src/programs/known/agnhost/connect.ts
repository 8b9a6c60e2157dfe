/** agnhost connect: opens a TCP connection and says in one word why it cannot. */
import { resolveHost } from '../../applets/network-tools.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Process } from '../../process.ts';
import type { Run } from '../../wait.ts';
import { parseDuration } from '../go.ts';
import type { Command } from './agnhost.ts';

/** Until Linux gives up connecting. */
const kernelTimeoutMs = 130_000;

export const connect: Command = {
  flags: { defaults: { timeout: '0s', protocol: 'tcp', 'udp-data': 'hostname', 'sctp-data': 'hostname' } },
  operands: 1,
  * run(process, flags): Run<number> {
    const protocol = flags.text('protocol');
    if (protocol !== 'tcp' && protocol !== '') {
      return fail(process, protocol === 'udp' || protocol === 'sctp' ? `OTHER: ${protocol} is not emulated` : 'Unsupported protocol');
    }
    const address = flags.rest[0]!;
    const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(address);
    if (!match) return fail(process, `UNKNOWN: address ${address}: ${address.includes(':') ? 'too many colons in address' : 'missing port in address'}`);
    const host = match[1] ?? match[2]!;
    const ip = host === '' ? '127.0.0.1' : resolveHost(process, host);
    if (ip === undefined) return fail(process, `DNS: lookup ${host}: no such host`);
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

function fail(process: Process, text: string): number {
  process.complain(`${text}\n`);
  return 1;
}
