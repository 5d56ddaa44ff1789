import { isMap, isNode, isSeq, type Node } from 'yaml';

interface Place {
  /** `null` for the item of a list. */
  readonly key: Node | null;
  readonly value: unknown;
}

/** Returns the offset of the key at a path of keys and list places, or of the last one on the way that is there. */
export function findKeyOffset(root: Node | null, path: readonly string[]): number {
  const place = findPlace(root, path);
  return offsetOf(place?.key) ?? offsetOf(place?.value) ?? offsetOf(root) ?? 0;
}

/** Returns the offset of the value at a path. */
export function findValueOffset(root: Node | null, path: readonly string[]): number {
  const place = findPlace(root, path);
  return offsetOf(place?.value) ?? offsetOf(place?.key) ?? offsetOf(root) ?? 0;
}

/** True if there is a value at the whole path. */
export function hasPlace(root: Node | null, path: readonly string[]): boolean {
  let node: unknown = root;
  return path.every((name) => {
    const next = childOf(node, name);
    node = next?.value;
    return next !== null;
  });
}

function findPlace(root: Node | null, path: readonly string[]): Place | null {
  let node: unknown = root;
  let found: Place | null = null;
  for (const name of path) {
    const next = childOf(node, name);
    if (next === null) break;
    found = next;
    node = next.value;
  }
  return found;
}

function childOf(node: unknown, name: string): Place | null {
  if (isSeq(node)) {
    const item = node.items[Number(name)];
    return isNode(item) ? { key: null, value: item } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isNode(item.key) && String(item.key) === name);
  return pair !== undefined && isNode(pair.key) ? { key: pair.key, value: pair.value } : null;
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
