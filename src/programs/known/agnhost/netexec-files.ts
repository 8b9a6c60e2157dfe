/** netexec's /shell and /upload: commands run in the container, and files put into it. */
import { goJson } from '../../../lib/go-format.ts';
import { decodeText, encodeText } from '../../bytes.ts';
import { attempt, Errno } from '../../errno.ts';
import { signalDescription } from '../../signals.ts';
import { stat } from '../../syscalls.ts';
import { fileError, log } from '../go.ts';
import type { Answer } from '../go-http.ts';
import { runCommand, writeAll, type HttpCall } from '../serving.ts';
import type { Netexec } from './netexec.ts';

const shellPath = '/bin/sh';

export function shell({ process }: Netexec, call: HttpCall, answer: Answer): void {
  const command = call.form.get('shellCommand') || call.form.get('cmd') || '';
  log(process, `GET /shell?cmd=${command}`);
  runCommand(process, [shellPath, '-c', encodeText(command)], (bytes, status) => {
    const output = decodeText(bytes);
    const error = status instanceof Errno ? fileError('fork/exec', shellPath, status)
      : status.signal !== undefined ? `signal: ${signalDescription(status.signal).toLowerCase()}`
        : status.code === 0 ? '' : `exit status ${status.code}`;
    const result = { ...(error !== '' && { error }), ...(output !== '' && { output }) };
    log(process, `Output: map[${Object.entries(result).map(([name, text]) => `${name}:${text}`).join(' ')}]`);
    answer(200, goJson(result));
  });
}

export function upload({ process }: Netexec, call: HttpCall, answer: Answer): void {
  log(process, 'GET /upload');
  const data = fileOf(call);
  if (data === undefined) {
    log(process, 'Unable to upload file: http: no such file');
    return answer(200, goJson({ error: 'Unable to upload file.' }));
  }
  const path = `/uploads/upload${process.machine.prng.uint32()}`;
  const written = attempt(() => {
    writeAll(process, path, data);
    stat(process, path).mode = 0o700;
  });
  if (written instanceof Errno) {
    log(process, `Unable to open file for write: ${fileError('open', path, written)}`);
    return answer(200, goJson({ error: 'Unable to open file for write' }));
  }
  log(process, `Wrote upload to ${path}`);
  answer(201, goJson({ output: path }));
}

/** The bytes of the form's part `file`. */
function fileOf({ headers, body }: HttpCall): string | undefined {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary === undefined) return undefined;
  const part = body.split(`--${boundary}`).find((one) => /content-disposition:[^\r\n]*\bname="?file"?/i.test(one.split('\r\n\r\n', 1)[0]!));
  return part?.slice(part.indexOf('\r\n\r\n') + 4, -2);
}
