/** Watch events as bytes. JSON frames of a stored version are made once and shared by every watcher. */
import type { KubeObject } from '../../schema/objects.ts';
import type { Stored } from '../../store/store.ts';
import { encodeProtobuf, protobufFrame } from '../codec/codec.ts';
import type { Status } from '../errors.ts';
import type { Representation } from '../negotiation/accept.ts';
import type { ResourceDef } from '../registry.ts';
import { bytesIn, jsonBytes } from '../representation.ts';
import type { IncludeObject } from '../table/table.ts';
import { answerObject, typeNamed, type Typed } from '../transform.ts';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';

/** Writes one watcher's events in the representation it asked for. */
export interface FrameEncoder {
  stored(type: EventType, stored: Stored<KubeObject>): Uint8Array;
  /** An object that is no stored version, in the version of the request. */
  object(type: EventType, object: KubeObject): Uint8Array;
  status(status: Status): Uint8Array;
}

export interface FrameOptions {
  readonly includeObject: IncludeObject;
  nowMs(): number;
}

/** The encoder for a watcher's representation. */
export function framesFor(def: ResourceDef, representation: Representation, options: FrameOptions): FrameEncoder {
  return representation.encoding === 'json' && representation.transform === undefined
    ? new JsonFrames(def) : new TransformedFrames(def, representation, options);
}

const shared = new WeakMap<Stored<KubeObject>, Map<EventType, Buffer>>();

class JsonFrames implements FrameEncoder {
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

/** Protobuf, Tables and metadata, made for each watcher. */
class TransformedFrames implements FrameEncoder {
  readonly #def: ResourceDef;
  readonly #representation: Representation;
  readonly #options: FrameOptions;
  /** Only the first Table of a watch has columns. */
  #noHeaders = false;

  constructor(def: ResourceDef, representation: Representation, options: FrameOptions) {
    this.#def = def;
    this.#representation = representation;
    this.#options = options;
  }

  stored(type: EventType, { value }: Stored<KubeObject>): Uint8Array {
    return this.object(type, this.#def.conversion?.fromStorage(value) ?? value);
  }

  object(type: EventType, object: KubeObject): Uint8Array {
    const { includeObject, nowMs } = this.#options;
    const options = { includeObject, nowMs: nowMs(), noHeaders: this.#noHeaders };
    this.#noHeaders = true;
    return this.#frame(type, answerObject({ kind: 'object', code: 200, def: this.#def, object }, this.#representation, options));
  }

  status(status: Status): Uint8Array {
    return this.#frame('ERROR', { object: status, type: typeNamed('v1', 'Status') });
  }

  #frame(type: EventType, { object, type: struct }: Typed): Uint8Array {
    return this.#representation.encoding === 'protobuf'
      ? protobufFrame(type, encodeProtobuf(struct!, object as Record<string, unknown>)) : frame(type, jsonBytes(object));
  }
}

function frame(type: EventType, object: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, Buffer.from('}\n')]);
}
