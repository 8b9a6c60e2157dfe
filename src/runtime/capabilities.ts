/** Linux capabilities as the mask that /proc shows. */
import { defaultCapabilities } from '../programs/machine.ts';

const names = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE', 'NET_BIND_SERVICE',
  'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN',
  'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE',
  'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF', 'CHECKPOINT_RESTORE',
] as const;

const all = (1n << BigInt(names.length)) - 1n;

/** The mask after drops and adds, 16 hex digits. Drops come first. */
export function capabilityMask(add: readonly string[], drop: readonly string[]): string {
  if (add.length === 0 && drop.length === 0) return defaultCapabilities;
  let mask = BigInt(`0x${defaultCapabilities}`);
  for (const name of drop) mask &= ~bits(name);
  for (const name of add) mask |= bits(name);
  return mask.toString(16).padStart(16, '0');
}

function bits(name: string): bigint {
  const bare = name.toUpperCase().replace(/^CAP_/, '');
  if (bare === 'ALL') return all;
  const at = (names as readonly string[]).indexOf(bare);
  return at < 0 ? 0n : 1n << BigInt(at);
}
