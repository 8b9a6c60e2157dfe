/**
 * YAML as sigs.k8s.io/yaml writes it: block style, keys in go-yaml's order, lines folded after column 80
 * (go.yaml.in/yaml/v2/{encode,emitterc}.go).
 */
import { isObject } from '../../lib/json.ts';
import { keyOrder } from './yaml-key-order.ts';
import { writeScalar } from './yaml-write-scalar.ts';

const indentStep = 2;
/** Longer keys are written with a question mark. */
const simpleKeyBytesMax = 128;

/** A JSON value as a YAML document. */
export function encodeYaml(value: unknown): string {
  const writer = new YamlWriter();
  writer.node(value, 0);
  return `${writer.text}\n`;
}

class YamlWriter {
  text = '';

  /** Writes a value where the text stands; what needs more lines starts them at `indent`. */
  node(value: unknown, indent: number): void {
    if (Array.isArray(value) && value.length > 0) this.#list(value, indent);
    else if (isObject(value) && Object.keys(value).length > 0) this.#map(value, indent);
    else this.text += Array.isArray(value) ? '[]' : isObject(value) ? '{}' : writeScalar(value, this.#column(), indent, false);
  }

  #list(items: readonly unknown[], indent: number): void {
    for (const [i, item] of items.entries()) {
      if (i > 0) this.#line(indent);
      this.text += '- ';
      this.node(item, indent + indentStep);
    }
  }

  #map(map: Record<string, unknown>, indent: number): void {
    for (const [i, key] of Object.keys(map).sort(keyOrder).entries()) {
      if (i > 0) this.#line(indent);
      if (key.includes('\n') || Buffer.byteLength(key) > simpleKeyBytesMax) this.#longEntry(key, map[key], indent);
      else this.#entry(key, map[key], indent);
    }
  }

  #entry(key: string, value: unknown, indent: number): void {
    this.text += `${writeScalar(key, 0, indent, true)}:`;
    if (Array.isArray(value) && value.length > 0) {
      this.#line(indent);
      this.#list(value, indent);
    } else if (isObject(value) && Object.keys(value).length > 0) {
      this.#line(indent + indentStep);
      this.#map(value, indent + indentStep);
    } else {
      this.text += ' ';
      this.node(value, indent + indentStep);
    }
  }

  #longEntry(key: string, value: unknown, indent: number): void {
    this.text += '? ';
    this.node(key, indent + indentStep);
    this.#line(indent);
    this.text += ': ';
    this.node(value, indent + indentStep);
  }

  #line(indent: number): void {
    this.text += `\n${' '.repeat(indent)}`;
  }

  #column(): number {
    return this.text.length - this.text.lastIndexOf('\n') - 1;
  }
}
