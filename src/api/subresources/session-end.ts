/**
 * What the error channel says at the end of an exec or attach session. v5 is spoken by the API server, which reads the
 * kubelet's v4 answer and words it anew; before v4 there was only text. Upstream: kubelet/pkg/cri/streaming/remotecommand,
 * apiserver/pkg/util/proxy/streamtranslator.go.
 */
import { goJson } from '../../lib/go-format.ts';
import { internalError, type Status } from '../errors.ts';

export type SessionResult =
  | { readonly exitCode: number }
  /** The runtime could not start the command. */
  | { readonly message: string };

/** The bytes for the error channel; `command` as it was asked for. */
export function sessionEnd(protocol: string, command: readonly string[], result: SessionResult): Uint8Array {
  const status = endStatus(protocol.startsWith('v5.'), command, result);
  if (/^v[45]\./.test(protocol)) return Buffer.from(goJson(status));
  return Buffer.from(status.status === 'Success' ? '' : status.message!);
}

/** A Status without its type, and without a code unless it is an error of the node. */
type SessionStatus = Omit<Status, 'kind' | 'apiVersion' | 'code'> & { code?: number };

function endStatus(translated: boolean, command: readonly string[], result: SessionResult): SessionStatus {
  if ('message' in result) {
    const fromKubelet = withoutType(internalError(`error executing command in container: ${result.message}`).status);
    return translated ? withoutType(internalError(fromKubelet.message!).status) : fromKubelet;
  }
  const { exitCode } = result;
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  const why = translated ? `command terminated with exit code ${exitCode}` : `error executing command [${command.join(' ')}], exit code ${exitCode}`;
  return {
    metadata: {}, status: 'Failure', message: `command terminated with non-zero exit code: ${why}`, reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

function withoutType({ kind: _kind, apiVersion: _version, ...rest }: Status): SessionStatus {
  return rest;
}
