/** Errors of emulated system calls, with the texts of the C library. */

const texts = {
  E2BIG: 'Argument list too long',
  EACCES: 'Permission denied',
  EAGAIN: 'Resource temporarily unavailable',
  EBADF: 'Bad file descriptor',
  EBUSY: 'Device or resource busy',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EADDRINUSE: 'Address already in use',
  EEXIST: 'File exists',
  EHOSTUNREACH: 'No route to host',
  EINTR: 'Interrupted system call',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOEXEC: 'Exec format error',
  ENOMEM: 'Cannot allocate memory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
  EPIPE: 'Broken pipe',
  EROFS: 'Read-only file system',
  ESPIPE: 'Illegal seek',
  ESRCH: 'No such process',
  ETIMEDOUT: 'Connection timed out',
  EXDEV: 'Invalid cross-device link',
} as const;

export type ErrnoCode = keyof typeof texts;

/** A failed system call. Not an Error: failing is ordinary, and a stack trace for each miss in PATH would cost more than the rest. */
export class Errno {
  readonly code: ErrnoCode;
  /** What strerror says. */
  readonly message: string;

  constructor(code: ErrnoCode) {
    this.code = code;
    this.message = texts[code];
  }
}

/** Runs a system call; its failure is a value, anything else is thrown on. */
export function attempt<T>(call: () => T): T | Errno {
  try {
    return call();
  } catch (error) {
    if (error instanceof Errno) return error;
    throw error;
  }
}
