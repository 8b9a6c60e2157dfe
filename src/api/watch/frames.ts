/** Watch events as bytes. JSON frames of a stored version are made once and shared by every watcher. */
import type { KubeObject } from '../../schema/objects.ts';
import type { Stored } from '../../store/store.ts';
import type { Status } from '../errors.ts';
import type { ResourceDef } from '../registry.ts';
import { bytesIn, jsonBytes } from '../representation.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Writes one watcher's events in the representation it asked for. */
export interface FrameEncoder {
  stored(type: EventType, stored: Stored<KubeObject>): Uint8Array;
  /** An object that is no stored version, in the version of the request. */
  object(type: EventType, object: KubeObject): Uint8Array;
  status(status: Status): Uint8Array;
}

const shared = new WeakMap<Stored<KubeObject>, Map<EventType, Buffer>>();

export class JsonFrames implements FrameEncoder {
  readonly #def: ResourceDef;

  constructor(def: ResourceDef) {
    this.#def = def;
  }

  stored(type: EventType, stored: Stored<KubeObject>): Uint8Array {
    if (this.#def.conversion) return frame(type, bytesIn(this.#def, stored));
    let frames = shared.get(stored);
    if (!frames) shared.set(stored, frames = new Map());
    let bytes = frames.get(type);
    if (!bytes) frames.set(type, bytes = frame(type, bytesIn(this.#def, stored)));
    return bytes;
  }

  object(type: EventType, object: KubeObject): Uint8Array {
    return frame(type, jsonBytes(object));
  }

  status(status: Status): Uint8Array {
    return frame('ERROR', jsonBytes(status));
  }
}

function frame(type: EventType, object: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, Buffer.from('}\n')]);
}

/** The encoder for a watcher's representation. */
export function framesFor(def: ResourceDef): FrameEncoder {
  return new JsonFrames(def);
}
