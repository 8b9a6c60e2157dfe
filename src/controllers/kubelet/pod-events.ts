/** Events about Pods and their containers. */
import type { Container, Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { referenceTo, type EventDetails, type EventRecorder, type EventType } from '../events/event-recorder.ts';
import { fieldPathOf, findContainer } from './pod-containers.ts';

export class PodEvents {
  readonly #recorder: EventRecorder;

  constructor(recorder: EventRecorder) {
    this.#recorder = recorder;
  }

  pod(pod: Pod, type: EventType, reason: string, message: string, details?: EventDetails): void {
    this.#recorder.event(referenceTo('Pod', pod as Pod & KubeObject), type, reason, message, details);
  }

  container(pod: Pod, container: Container, type: EventType, reason: string, message: string): void {
    const found = findContainer(pod, container.name);
    const path = found && fieldPathOf(found);
    this.#recorder.event(referenceTo('Pod', pod as Pod & KubeObject, path), type, reason, message);
  }
}
