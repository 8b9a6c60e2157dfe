/** Programs that mean harm: they end or are held by bounds, and nothing of this machine shows or changes. */
import child from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { emulate } from './corpus.ts';

/** What a script costs at most: a minute of its clock, on a busy machine. */
const cpuSecondsMax = 20;

const bombs: Readonly<Record<string, string>> = {
  'forks': 'b() { b | b & }; b; sleep 2',
  'a string that doubles': 'x=aaaaaaaa; while :; do x="$x$x"; done',
  'a file without end': 'cat /dev/zero > /tmp/big',
  'a line without end': 'tail /dev/zero',
  'lines without end to sort': 'yes | sort',
  'output without end': 'yes',
  'output without a newline': 'yes | tr -d "\\n"',
  'a busy loop': 'while :; do :; done',
  'a busy awk': 'awk "BEGIN { while (1) {} }"',
  'a busy sed': 'echo a | sed ":a;ba"',
  'a sed line that doubles': 'echo a | sed ":a;s/a/aa/g;ta"',
  'a regular expression': 'x=$(head -c 40 /dev/zero | tr "\\0" a); echo "${x}b" | grep -E "^(a+)+$"',
  'a regular expression with a back-reference': 'x=$(head -c 40 /dev/zero | tr "\\0" a); echo "${x}b" | grep -E "^((a+)+)+\\1$"',
  'a pattern': 'case aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa in *a*a*a*a*a*a*a*a*a*a*a*a*a*b) ;; esac',
  'a function that calls itself': 'f() { f; }; f',
  'brackets': 'eval "$(yes "(" | head -n 20000 | tr -d "\\n")"',
  'a number without end': 'seq 1 99999999999 | tail -n 1',
  'processes that stay': 'while :; do tail -f /dev/null & done',
  'links in a circle': 'ln -s b a; ln -s a b; cat a; mkdir x; ln -s ../x x/x; find -L x',
  'a width': 'printf "%999999999s" x',
  'a big file': 'truncate -s 100G f; fallocate -l 100G f; dd if=/dev/zero of=f bs=1G count=100',
};

it.each(Object.entries(bombs))('%s keeps within its bounds', { timeout: 120_000 }, (_, script) => {
  const before = process.cpuUsage();
  emulate(script);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(cpuSecondsMax);
});

const touched = vi.fn();
const probes: readonly (readonly [object, string])[] = [
  [fs, 'openSync'], [fs, 'readFileSync'], [fs, 'writeFileSync'], [fs, 'readdirSync'], [fs, 'statSync'], [fs, 'unlinkSync'],
  [child, 'spawn'], [child, 'spawnSync'], [child, 'exec'], [net, 'connect'], [net, 'createServer'], [net.Socket.prototype, 'connect'],
];

beforeAll(() => {
  for (const [module, name] of probes) {
    vi.spyOn(module as Record<string, () => void>, name).mockImplementation(() => { touched(name); });
  }
});
afterAll(() => void vi.restoreAllMocks());

it('sees its own files, never those of this machine', () => {
  const script = 'cat /etc/passwd; cat ../../../../etc/hostname; cat /etc/shadow /proc/1/environ; ls / /home /root; cat /proc/self/root/etc/passwd';
  const { stdout } = emulate(script);
  expect(stdout).toContain('root:x:0:0:root:/root:/bin/sh\nwww:x:33:33');
  for (const secret of [os.hostname(), os.homedir().length > 5 ? os.homedir() : 'no home', process.cwd(), process.env['PATH']!]) expect(stdout).not.toContain(secret);
});

it.each([
  'wget -T 1 -O - http://127.0.0.1:22', 'nc -w 1 169.254.169.254 80', 'wget -T 1 http://example.com', 'httpd -p 8099; nc -l -p 8098 & sleep 1',
  'rm -rf / 2>/dev/null; echo gone > /etc/passwd; kill -9 -1; kill -9 1; reboot', 'dd if=/dev/sda; mount /dev/sda /mnt; chroot / sh -c "rm -rf /tmp"',
  '__proto__=1; constructor=2; toString() { echo; }; toString; echo a | awk \'{ c["__proto__"]++; print c["constructor"] }\'',
])('opens no file, process or socket of this machine: %s', (script) => {
  emulate(script);
  expect(touched).not.toHaveBeenCalled();
  expect(({} as Record<string, unknown>)['polluted']).toBe(undefined);
});
