/**
 * The contract between a kubelet and its container runtime: what CRI is to the real one, in miniature. There is one
 * runtime per node. Every method returns at once; effects take the time that the latency profile and the image
 * catalogue say, and arrive at `done` callbacks or as runtime events, on the clock.
 *
 * The kubelet decides what should run; the runtime (and `programs/` below it) decides what happens then.
 */
import type { Millis } from '../clock/clock.ts';
import type { HealthAnswer } from '../programs/protocols/grpc-health.ts';
import type { Asked, ScriptedAnswer } from './script.ts';

export type { HealthAnswer };

export interface ImageInfo {
  /** As containerd reports it: `docker.io/library/busybox:1.36`. */
  readonly name: string;
  /** Repo digest, `docker.io/library/busybox@sha256:…`. */
  readonly imageId: string;
  readonly sizeBytes: number;
  /** Numeric user of the image, or undefined for root by default. */
  readonly uid?: number;
  /** Non-numeric user name of the image, if it has one. */
  readonly username?: string;
  readonly stopSignal?: string;
}

export type PullResult =
  | { readonly ok: true; readonly image: ImageInfo; readonly tookMs: number }
  /** `message` is the runtime's whole text, as it stands in `ErrImagePull`. */
  | { readonly ok: false; readonly message: string };

/** Who needs an image; CRI's PullImage is told the configuration of the sandbox, too. */
export interface ImageUser {
  readonly podUid: string;
  readonly namespace: string;
  readonly pod: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly container: string;
}

export interface SandboxConfig {
  readonly podUid: string;
  readonly namespace: string;
  readonly name: string;
  readonly attempt: number;
  readonly hostNetwork: boolean;
  /** Its containers see and signal one another's processes. */
  readonly shareProcessNamespace?: boolean;
  readonly hostname: string;
  /** `HOSTNAME.SUBDOMAIN.NAMESPACE.svc.cluster.local`, for a Pod with a subdomain. */
  readonly domainName?: string;
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
  /** What /etc/resolv.conf says; the cluster's DNS when missing. */
  readonly dns?: { readonly nameservers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] };
  readonly runAsUser?: number;
  /** Refused without a user. */
  readonly runAsGroup?: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Sandbox {
  /** 64 hex digits. */
  readonly id: string;
  readonly podUid: string;
  readonly attempt: number;
  readonly state: 'ready' | 'notReady';
  /** Pod IPs (the node's for hostNetwork); empty when the sandbox has lost its network. */
  readonly ips: readonly string[];
  readonly createdAt: Millis;
}

/** A file tree that a volume shows inside the container. `path` is the mount path. */
export interface RuntimeMount {
  readonly path: string;
  readonly readOnly: boolean;
  /** Shared between the containers of a Pod: equal ids see the same files. */
  readonly volumeId: string;
  readonly subPath?: string;
}

/** What it holds is asked for when somebody looks into the volume. */
export interface VolumeFile {
  readonly data: Uint8Array;
  readonly mode: number;
  /** Owner; root when missing. */
  readonly uid?: number;
}

export interface VolumeOptions {
  /** `memory` is a tmpfs. */
  readonly medium: 'disk' | 'memory';
  /** fsGroup: owns everything in the volume and may read it. */
  readonly groupId?: number;
  /** Mode of the volume's directory, 0777 (1777 in memory) when missing. */
  readonly mode?: number;
  /** `file`: the volume is one file (hostPath of type FileOrCreate). */
  readonly kind?: 'directory' | 'file';
}

export interface ContainerConfig {
  readonly podUid: string;
  readonly name: string;
  readonly kind: 'init' | 'sidecar' | 'main' | 'ephemeral';
  /** The kubelet's restart count for this instance. */
  readonly attempt: number;
  /** The spec's text and the resolved image. */
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly mounts: readonly RuntimeMount[];
  readonly terminationMessagePath: string;
  /** Bytes when it starts; undefined: no limit. A program that takes more is OOM-killed. */
  readonly memoryLimitBytes?: number;
  /** Ports that the spec declares; unknown programs listen on them. */
  readonly ports: readonly { readonly containerPort: number; readonly protocol: string }[];
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  /** fsGroup and supplementalGroups. */
  readonly supplementalGroups?: readonly number[];
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** An ephemeral container's: it joins the pid namespace of this one, which must run. */
  readonly targetContainerId?: string;
  /** allowPrivilegeEscalation is false. */
  readonly noNewPrivileges?: boolean;
  readonly tty: boolean;
  readonly stdin: boolean;
}

export interface Container {
  /** 64 hex digits, without the `containerd://` scheme. */
  readonly id: string;
  readonly sandboxId: string;
  readonly config: ContainerConfig;
  readonly image: ImageInfo;
  readonly state: 'created' | 'running' | 'exited';
  readonly createdAt: Millis;
  readonly startedAt: Millis | undefined;
  readonly finishedAt: Millis | undefined;
  readonly exitCode: number | undefined;
  /** `Completed`, `Error`, `OOMKilled`, `StartError` …: containerd's reason. */
  readonly reason: string | undefined;
  /** Text of the termination message file, or of the start error. */
  readonly message: string | undefined;
  /** uid, gid, groups for status.user.linux. */
  readonly user: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
}

export type StartResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

export interface ExecResult {
  /** Undefined when the command could not be started; `output` is then the runtime's error text. */
  readonly exitCode: number | undefined;
  /** stdout and stderr, interleaved. */
  readonly output: string;
  readonly timedOut: boolean;
}

/** A running exec or attach with live streams. */
export interface StreamSession {
  /** False when the program has much to read already: what comes next should wait for `onRoom`. */
  write(data: Uint8Array): boolean;
  closeStdin(): void;
  resize(columns: number, rows: number): void;
  /** Ends the session from the client's side. */
  close(): void;
}

export interface StreamHandlers {
  onStdout(data: Uint8Array): void;
  onStderr(data: Uint8Array): void;
  /** The program has read what made a write say false. */
  onRoom(): void;
  /** `error` is set when the command could not be started. */
  onExit(exitCode: number, error?: string): void;
}

export type ConnectResult =
  | { readonly ok: true; readonly connection: Connection }
  /** Go's text, for example `dial tcp 10.244.0.5:80: connect: connection refused`. */
  | { readonly ok: false; readonly message: string };

/** One TCP connection to a listener inside a Pod. */
export interface Connection {
  /** False when the other end has much to read already: what comes next should wait for `onRoom`. */
  write(data: Uint8Array): boolean;
  onRoom(handler: () => void): void;
  end(): void;
  onData(handler: (data: Uint8Array) => void): void;
  onEnd(handler: () => void): void;
}

export interface HttpResult {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpRequest {
  readonly method: string;
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly ip: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
}

export type RuntimeEvent =
  | { readonly type: 'containerStarted' | 'containerExited'; readonly podUid: string; readonly containerId: string }
  | { readonly type: 'sandboxStopped'; readonly podUid: string; readonly sandboxId: string };

export interface LogLine {
  readonly at: Millis;
  readonly stream: 'stdout' | 'stderr';
  /** Without the newline, which `partial` says was missing. */
  readonly text: string;
  readonly partial: boolean;
}

export interface Runtime {
  /** The image on the node, or undefined when it must be pulled. `reference` as in the spec. */
  imageStatus(reference: string, user?: ImageUser): ImageInfo | undefined;
  /** Pulls are serial on a node. */
  pullImage(reference: string, done: (result: PullResult) => void, user?: ImageUser): void;
  /** Ends pulls for a Pod that ends. One that makes progress goes on to its end. */
  cancelPulls(podUid: string): void;
  /** Images on the node, for node.status.images. */
  images(): readonly ImageInfo[];

  runSandbox(config: SandboxConfig, done: (result: { ok: true; sandbox: Sandbox } | { ok: false; message: string }) => void): void;
  /** Stops what still runs in it with SIGKILL and takes its network away. */
  stopSandbox(sandboxId: string): void;
  removeSandbox(sandboxId: string): void;

  /** Fails with the runtime's text, for example for a duplicate name. */
  createContainer(sandboxId: string, config: ContainerConfig): { ok: true; containerId: string } | { ok: false; message: string };
  startContainer(containerId: string, done: (result: StartResult) => void): void;
  /** Sends the image's stop signal (or `signal`), SIGKILL after `graceMs`; `done` when the container has exited. Returns how to give the SIGKILL up. */
  stopContainer(containerId: string, graceMs: number, done: () => void, signal?: string): () => void;
  /** Memory that each running container of a Pod uses, in bytes, by its name. */
  memoryUsage(podUid: string): ReadonlyMap<string, number>;
  /** Gives a running container another memory limit, in bytes; undefined: none. */
  limitMemory(containerId: string, bytes: number | undefined): void;
  /** As if from outside of Kubernetes. */
  killContainer(containerId: string, signal: string): void;
  killSandbox(sandboxId: string): void;
  removeContainer(containerId: string): void;

  /** All instances of a Pod that are not removed, newest first. */
  containers(podUid: string): readonly Container[];
  /** All sandboxes of a Pod that are not removed, newest first. */
  sandboxes(podUid: string): readonly Sandbox[];
  /** Pods the runtime knows of. */
  podUids(): readonly string[];

  /** Runs a command to its end (probes, hooks). */
  execSync(containerId: string, command: readonly string[], timeoutMs: number, done: (result: ExecResult) => void): void;
  exec(containerId: string, command: readonly string[], options: { tty: boolean; stdin: boolean }, handlers: StreamHandlers): StreamSession;
  attach(containerId: string, handlers: StreamHandlers): StreamSession;
  /** What a behaviour answers in the place of a probe or hook; undefined: it runs. */
  scriptedAnswer(containerId: string, asked: Asked): ScriptedAnswer | undefined;
  /**
   * The container's log, oldest first. `follow` is called for later lines until stopped, `ended` once when there will be
   * no more (at once for a container that has exited).
   */
  logs(containerId: string, follow?: (line: LogLine) => void, ended?: () => void): { readonly lines: readonly LogLine[]; stop(): void };

  /** A TCP connection to a Pod (or node) address. */
  connect(ip: string, port: number, timeoutMs: number, done: (result: ConnectResult) => void): void;
  /** Asks a gRPC server for the health of a service ('' for the whole); undefined when none has answered in time. */
  checkHealth(ip: string, port: number, service: string, timeoutMs: number, done: (answer: HealthAnswer | undefined) => void): void;
  http(request: HttpRequest, done: (result: HttpResult | { readonly error: string }) => void): void;

  /**
   * The files of a volume as containers see them. Replaces what the kubelet put there before, atomically. Without files the
   * volume keeps its own data (emptyDir, hostPath) and only gets its options, before anybody uses it.
   */
  writeVolume(volumeId: string, files: ReadonlyMap<string, VolumeFile> | undefined, options?: VolumeOptions): void;
  removeVolume(volumeId: string): void;

  /** Starts and exits, in order. One listener: the kubelet of this node. */
  onEvent(handler: (event: RuntimeEvent) => void): void;
  /** The node loses power: everything stops without a word; images and volumes on disk stay. */
  reboot(): void;
  /** Drops all state of the runtime and its pending timers. */
  close(): void;
}
