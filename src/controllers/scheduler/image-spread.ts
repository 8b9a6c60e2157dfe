/** Which images lie on how many nodes, kept up to date node by node. */
import type { Node } from '../../schema/core/v1.ts';

export class ImageSpread {
  readonly #nodes = new Map<string, number>();

  /** Counts a node's images anew when they have changed. */
  change(before: Node | undefined, after: Node | undefined): void {
    if (before?.status?.images === after?.status?.images) return;
    this.#count(before, -1);
    this.#count(after, 1);
  }

  /** Number of nodes that have the image. */
  nodesWith(image: string): number {
    return this.#nodes.get(image) ?? 0;
  }

  #count(node: Node | undefined, by: number): void {
    for (const { names } of node?.status?.images ?? []) {
      for (const name of names ?? []) {
        const count = (this.#nodes.get(name) ?? 0) + by;
        if (count === 0) this.#nodes.delete(name);
        else this.#nodes.set(name, count);
      }
    }
  }
}

/** Bytes of an image on a node, 0 when it is not there. */
export function imageBytes(node: Node, image: string): number {
  return node.status?.images?.find(({ names }) => names?.includes(image))?.sizeBytes ?? 0;
}

/** The name with its tag, as nodes report images. */
export function taggedImage(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}
