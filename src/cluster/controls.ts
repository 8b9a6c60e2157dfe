/** What a user may do to a cluster beyond the Kubernetes API; `/_fakelet/v1` and the library are two faces of it. */
import type * as own from '../schema/fakelet/v1.ts';
import type { Rules } from './rule-book.ts';

export interface EmulatorControls {
  readonly behaviors: Rules<own.Behavior, own.BehaviorState>;
  readonly faults: FaultControls;
  readonly snapshots: SnapshotControls;
  clock(): own.ClockState;
  setClock(change: own.ClockChange): own.ClockState;
  advance(advance: own.ClockAdvance): Promise<own.ClockAdvanced>;
  /** `gone` ends the wait. */
  wait(request: own.WaitRequest, gone?: AbortSignal): Promise<own.WaitResult>;
  /** Why a Pod is not Ready. */
  explain(namespace: string, name: string): own.Explanation;
  readinessGates(namespace: string, name: string): own.ReadinessGates;
  setReadinessGates(namespace: string, name: string, gates: own.ReadinessGates): own.ReadinessGates;
  /** Undefined removes the condition. */
  setCondition(namespace: string, name: string, type: string, value: own.ConditionValue | undefined): null;
  exitContainer(namespace: string, name: string, container: string, exit: own.ContainerExit): null;
  oomContainer(namespace: string, name: string, container: string): null;
  probeContainer(namespace: string, name: string, container: string, override: own.ProbeOverride): null;
  logContainer(namespace: string, name: string, container: string, line: own.LogLine): null;
  killSandbox(namespace: string, name: string): null;
  addNodes(template: own.NodeTemplate): own.NodeNames;
  node(name: string, verb: NodeVerb): null;
  /** Ends the Pods of a node, then turns the machine off; `node(name, 'start')` boots it. */
  shutDownNode(name: string, grace: own.NodeShutdown): null;
  setPressure(name: string, pressure: own.NodePressure): null;
  writeStaticPod(node: string, pod: string, manifest: unknown): null;
  removeStaticPod(node: string, pod: string): null;
  scenarios(): own.ScenarioList;
  /** Starts one of the catalogue, or one of the user's. */
  startScenario(scenario: string | own.Scenario): null;
  about(): own.About;
  reset(): null;
  journal(query: own.JournalQuery): own.Journal;
  transcript(query: own.JournalQuery): string;
  kubeconfig(server: string): string;
}

/** Rules of faults, and what can be broken at once. */
export interface FaultControls extends Rules<own.Fault, own.FaultState> {
  /** The open watches that match lose their connection; later ones don't. */
  breakWatches(match: own.FaultMatch): own.WatchesBroken;
}

/** The clusters beside the main one. */
export interface Clusters {
  add(request: own.ClusterRequest): own.ClusterInfo;
  /** Adds one that also listens on a port of its own; 0 picks a free one. */
  addWithPort(request: own.ClusterRequest & { readonly port: number }): Promise<own.ClusterInfo>;
  info(name: string): own.ClusterInfo;
  list(): own.ClusterList;
  remove(name: string): null;
}

export interface SnapshotControls {
  take(request?: own.SnapshotRequest): own.SnapshotState;
  list(): own.SnapshotList;
  /** As the value of a JSON file. */
  file(name: string): own.SnapshotFile;
  put(name: string, file: own.SnapshotFile): own.SnapshotState;
  restore(name: string): own.SnapshotState;
  remove(name: string): null;
}

export type NodeVerb = 'stop' | 'start' | 'restart' | 'reboot' | 'remove';
