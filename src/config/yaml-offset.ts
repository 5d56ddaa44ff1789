import { type Document, isMap, isNode } from 'yaml';

/** Returns where the value at a path begins, in characters; where nothing is there, the nearest value around it. */
export function offsetOfValue(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

/** Returns where a key of the map at a path begins, in characters. */
export function offsetOfKey(document: Document, path: readonly PropertyKey[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const found = isMap(map) ? map.items.find((item) => isNode(item.key) && String(item.key) === key)?.key : undefined;
  return (isNode(found) ? found.range?.[0] : undefined) ?? offsetOfValue(document, path);
}
