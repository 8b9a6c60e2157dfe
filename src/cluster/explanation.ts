/**
 * Why a Pod is not Ready, in words: facts go in, findings come out, the cause first. All of it can be read off the Pod, its
 * node and its events, so it holds for whatever wrote them.
 */
import { findCondition } from '../controllers/kubelet/conditions.ts';
import type { Condition } from '../schema/meta/v1.ts';
import type { Container, ContainerStatus, Event, Node, Pod, PodCondition } from '../schema/core/v1.ts';
import type * as own from '../schema/fakelet/v1.ts';
import { formatTime, timeToMs } from '../schema/values/time.ts';

type Finding = own.Explanation['findings'][number];

export interface PodFacts {
  readonly pod: Pod;
  /** The Pod's; undefined when it has none, or when there is no such object. */
  readonly node: Node | undefined;
  /** About the Pod, in any order. */
  readonly events: readonly Event[];
  readonly now: number;
  /** The clock moves only when somebody moves it. */
  readonly clockStands: boolean;
}

/** What keeps the Pod from being Ready; no findings when it is. */
export function explain(facts: PodFacts): own.Explanation {
  const { pod } = facts;
  const ready = condition(pod, 'Ready')?.status === 'True';
  const findings = ready && !pod.metadata.deletionTimestamp ? [] : [
    ...deletion(facts), ...ending(facts), ...scheduling(facts), ...nodeHealth(facts), ...mounting(facts), ...containers(facts), ...gates(facts),
  ];
  if (!ready && findings.length === 0) {
    findings.push({ about: 'Pod', what: 'nothing stands in its way: its kubelet has yet to act', next: 'wait a moment of clock time' });
  }
  if (findings.length > 0 && facts.clockStands) findings.push({ about: 'clock', what: `it stands at ${formatTime(facts.now)}`, next: 'advance it, or wait for a condition' });
  return { ready, findings, text: textOf(pod, ready, findings) };
}

const condition = (pod: Pod, type: string): PodCondition | undefined => findCondition(pod.status?.conditions, type);

/** What a condition, a state or an event says. */
const said = ({ reason, message }: { readonly reason?: string | undefined; readonly message?: string | undefined }): string =>
  [reason, message].filter((part) => part).join(': ') || 'no reason is given';

const since = (time: string | null | undefined): Pick<Finding, 'since'> => (time ? { since: time } : {});

const latest = (events: readonly Event[], test: (event: Event) => boolean): Event | undefined =>
  events.filter(test).toSorted((a, b) => timeToMs(a.lastTimestamp) - timeToMs(b.lastTimestamp)).at(-1);

function deletion({ pod, now }: PodFacts): Finding[] {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = pod.metadata;
  if (!deletionTimestamp) return [];
  const endMs = timeToMs(deletionTimestamp);
  const findings: Finding[] = [{
    about: 'Pod', what: `it is being deleted, with ${deletionGracePeriodSeconds} s of grace`, ...since(formatTime(endMs - deletionGracePeriodSeconds * 1000)),
    next: endMs > now ? `its containers are killed at ${deletionTimestamp}` : 'its grace period is over',
  }];
  if (finalizers.length > 0) findings.push({ about: 'finalizers', what: `held by ${finalizers.join(', ')}`, next: 'whoever set them must remove them' });
  return findings;
}

function ending({ pod: { status } }: PodFacts): Finding[] {
  if (status?.phase !== 'Succeeded' && status?.phase !== 'Failed') return [];
  const why = status.reason || status.message ? `: ${said(status)}` : '';
  return [{ about: 'Pod', what: `it has ended as ${status.phase}${why}`, next: 'it does not start again: create another Pod' }];
}

function scheduling({ pod }: PodFacts): Finding[] {
  if (pod.spec?.nodeName) return [];
  const gated = pod.spec?.schedulingGates ?? [];
  if (gated.length > 0) return [{ about: 'scheduling', what: `held by gates ${gated.map(({ name }) => name).join(', ')}`, next: 'remove them from spec.schedulingGates' }];
  const scheduled = condition(pod, 'PodScheduled');
  const by = pod.spec?.schedulerName ?? 'default-scheduler';
  if (!scheduled) return [{ about: 'scheduling', what: `no scheduler has looked at it; it asks for ${by}`, next: 'run that scheduler, or bind the Pod' }];
  return [{ about: 'scheduling', what: said(scheduled), ...since(scheduled.lastTransitionTime), next: 'change nodes, other Pods or what the Pod asks for' }];
}

function nodeHealth({ pod, node }: PodFacts): Finding[] {
  const name = pod.spec?.nodeName;
  if (!name) return [];
  if (!node) return [{ about: `node ${name}`, what: 'there is no such node', next: 'add it, or delete the Pod' }];
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready') as Condition | undefined;
  if (!ready || ready.status === 'True') return [];
  return [{ about: `node ${name}`, what: `Ready is ${ready.status}: ${said(ready)}`, ...since(ready.lastTransitionTime), next: 'start its kubelet' }];
}

/** Volumes and sandbox, of which only events tell. */
function mounting({ pod, events }: PodFacts): Finding[] {
  if (!pod.spec?.nodeName || condition(pod, 'PodReadyToStartContainers')?.status === 'True') return [];
  const last = latest(events, ({ reason }) => reason === 'FailedMount' || reason === 'FailedCreatePodSandBox');
  return last ? [{ about: last.reason === 'FailedMount' ? 'volumes' : 'sandbox', what: said({ message: last.message }), ...since(last.lastTimestamp), next: 'the kubelet tries again by itself' }] : [];
}

function containers(facts: PodFacts): Finding[] {
  const { spec, status } = facts.pod;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return [];
  const findings: Finding[] = [];
  for (const [field, kind, specs, statuses] of [
    ['initContainers', 'init container', spec?.initContainers ?? [], status?.initContainerStatuses ?? []],
    ['containers', 'container', spec?.containers ?? [], status?.containerStatuses ?? []],
  ] as const) {
    for (const container of specs) {
      const own = statuses.find(({ name }) => name === container.name);
      const finding = own && containerFinding(facts, field, container, own);
      if (finding) findings.push({ about: `${kind} ${container.name}`, ...finding });
      // The others wait for it.
      if (finding && field === 'initContainers') return findings;
    }
  }
  return findings;
}

function containerFinding(facts: PodFacts, field: string, container: Container, status: ContainerStatus): Omit<Finding, 'about'> | undefined {
  const { state } = status;
  const isInit = field === 'initContainers' && container.restartPolicy !== 'Always';
  if (state?.running) {
    if (isInit) return { what: 'it runs', ...since(state.running.startedAt), next: 'it must end with 0' };
    if (container.startupProbe && status.started !== true) return probe(facts, field, container, 'startup', state.running.startedAt);
    if (!status.ready) return probe(facts, field, container, 'readiness', state.running.startedAt);
    return undefined;
  }
  if (state?.terminated) {
    const { exitCode, reason = 'Error', finishedAt } = state.terminated;
    if (isInit && exitCode === 0) return undefined;
    return { what: `it ended with ${exitCode} (${reason})`, ...since(finishedAt), next: `restarts as its policy says; so far ${status.restartCount}` };
  }
  return waiting(status);
}

function waiting({ state, lastState, restartCount }: ContainerStatus): Omit<Finding, 'about'> {
  const last = lastState?.terminated;
  const { reason = 'ContainerCreating', message } = state?.waiting ?? {};
  const seconds = /^back-off (?:(\d+)m)?(\d+)s restarting/.exec(message ?? '');
  if (!last || !seconds) return { what: said({ reason, message }), next: nextOf[reason] ?? 'the kubelet is at it' };
  const at = timeToMs(last.finishedAt) + (Number(seconds[1] ?? '0') * 60 + Number(seconds[2])) * 1000;
  return { what: `${reason}: it ended with ${last.exitCode} (${last.reason ?? 'Error'}), ${restartCount} restarts so far`, ...since(last.finishedAt), next: `starts again at ${formatTime(at)} or soon after` };
}

const nextOf: Readonly<Record<string, string>> = {
  PodInitializing: 'init containers come first',
  ErrImagePull: 'the kubelet tries again by itself; check the name of the image, or its entry in the image catalogue',
  ImagePullBackOff: 'the kubelet tries again by itself; check the name of the image, or its entry in the image catalogue',
  ErrImageNeverPull: 'imagePullPolicy is Never: put the image on the node, or change the policy',
  InvalidImageName: 'change the name of the image',
  CreateContainerConfigError: 'create what the container refers to',
};

function probe({ events }: PodFacts, field: string, container: Container, kind: 'startup' | 'readiness', startedAt: string | undefined): Omit<Finding, 'about'> {
  if (!container[`${kind}Probe`]) return { what: 'it runs, but does not count as ready yet', ...since(startedAt), next: 'the kubelet is at it' };
  const word = kind === 'startup' ? 'Startup' : 'Readiness';
  const failure = latest(events, (event) => event.reason === 'Unhealthy' && event.involvedObject.fieldPath === `spec.${field}{${container.name}}`
    && event.message?.startsWith(`${word} probe`) === true);
  const what = failure ? `${failure.message!.trim()} (${failure.count ?? 1} times)` : `its ${kind} probe has not succeeded yet`;
  return { what, ...since(failure?.lastTimestamp ?? startedAt), next: `the ${kind} probe must succeed` };
}

function gates({ pod }: PodFacts): Finding[] {
  return (pod.spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const own = condition(pod, conditionType);
    if (own?.status === 'True') return [];
    const { namespace, name } = pod.metadata;
    return [{
      about: `readiness gate ${conditionType}`, what: own ? `the condition is ${own.status}${own.reason || own.message ? `: ${said(own)}` : ''}` : 'the condition is not set',
      ...since(own?.lastTransitionTime), next: `PUT /_fakelet/v1/pods/${namespace}/${name}/conditions/${conditionType}, or patch the status`,
    }];
  });
}

function textOf({ metadata }: Pod, ready: boolean, findings: readonly Finding[]): string {
  const lines = findings.map(({ about, what, since: from, next }) => `- ${about}: ${what}${from ? ` (since ${from})` : ''}${next ? `. Next: ${next}.` : ''}`);
  return [`Pod ${metadata.namespace}/${metadata.name} is ${ready ? '' : 'not '}Ready${findings.length > 0 ? ':' : '.'}`, ...lines].join('\n');
}
