/** Which paths exist on the emulated node, for the type checks of hostPath volumes (pkg/volume/hostpath). */
import { MountError } from './volume-files.ts';

const directories = new Set([
  '/', '/bin', '/boot', '/dev', '/etc', '/etc/kubernetes', '/etc/kubernetes/manifests', '/home', '/lib', '/lib/modules', '/media', '/mnt',
  '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/sys/fs/cgroup', '/tmp', '/usr', '/usr/bin', '/usr/lib', '/usr/local', '/var',
  '/var/lib', '/var/lib/kubelet', '/var/log', '/var/log/containers', '/var/log/pods', '/var/run', '/var/tmp',
]);
const files = new Set(['/etc/hostname', '/etc/hosts', '/etc/localtime', '/etc/os-release', '/etc/passwd', '/etc/resolv.conf']);
const sockets = new Set(['/run/containerd/containerd.sock', '/var/run/containerd/containerd.sock']);
const devices = new Set(['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom', '/dev/tty', '/dev/fuse', '/dev/kmsg']);

export class HostPaths {
  readonly #directories = new Set(directories);
  readonly #files = new Set(files);

  /** Makes what `…OrCreate` asks for. Throws `MountError` when the path is not of the type. */
  check(path: string, type: string | undefined): void {
    const clean = path.length > 1 ? path.replace(/\/+$/, '') : path;
    const fail = (what: string): never => { throw new MountError(`hostPath type check failed: ${path} is not a ${what}`); };
    switch (type) {
      case 'DirectoryOrCreate':
        if (!this.#files.has(clean)) this.#directories.add(clean);
        return;
      case 'FileOrCreate':
        if (!this.#directories.has(clean)) this.#files.add(clean);
        return;
      case 'Directory': return this.#directories.has(clean) ? undefined : fail('directory');
      case 'File': return this.#files.has(clean) ? undefined : fail('file');
      case 'Socket': return sockets.has(clean) ? undefined : fail('socket file');
      case 'CharDevice': return devices.has(clean) ? undefined : fail('character device');
      case 'BlockDevice': return fail('block device');
      default:
    }
  }
}
