import { expect, it } from 'vitest';
import { emulate } from './corpus.ts';

const address = /inet (\d+\.\d+\.\d+)\.(\d+)\/24 brd \1\.255 scope global eth0/;

it('shows the interfaces and addresses of a Pod', () => {
  const { stdout } = emulate('ip addr; ip -4 addr show lo');
  expect(stdout).toContain('1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536');
  expect(stdout).toMatch(address);
  const ip = emulate('hostname -i').stdout.trim();
  expect(emulate("ip -4 addr show eth0 | sed -n 's/.*inet \\([0-9.]*\\).*/\\1/p'").stdout.trim()).toBe(ip);
  expect(emulate("ifconfig eth0 | awk '/inet addr/ { sub(\"addr:\", \"\", $2); print $2 }'").stdout.trim()).toBe(ip);
});

it('shows the way out', () => {
  const gateway = emulate("ip route | awk '/^default/ { print $3 }'").stdout;
  expect(gateway).toMatch(/^\d+\.\d+\.\d+\.1\n$/);
  expect(emulate("route -n | awk '$1 == \"0.0.0.0\" { print $2 }'").stdout).toBe(gateway);
});

it('shows who listens', () => {
  expect(emulate("netstat -tln | grep -c LISTEN; nc -l -p 8080 & sleep 1; netstat -tln | awk '/LISTEN/ { print $4 }'; kill $!").stdout).toBe('0\n0.0.0.0:8080\n');
});

it.each([
  ['ip link set eth0 down', 2, 'ip: RTNETLINK answers: Operation not permitted\n'],
  ['ip addr show nope', 1, "ip: can't find device 'nope'\n"],
  ['ifconfig nope', 1, 'ifconfig: nope: error fetching interface information: Device not found\n'],
  ['ifconfig eth0 down', 1, 'ifconfig: SIOCSIFFLAGS: Operation not permitted\n'],
])('refuses %s', (script, exitCode, stderr) => {
  expect(emulate(script)).toMatchObject({ exitCode, stderr });
});
