import type { SessionRef } from '../domain/session-ref.ts';

/** Names of the rows of the tree, unique across hosts. Only this file knows how they are made. */
export const groupKey = (name: string | null) => (name === null ? 'no group' : `group ${name}`);
export const hostKey = (alias: string) => `host ${alias}`;
export const projectKey = (alias: string, path: string) => `project ${alias}\0${path}`;
export const sessionKey = (alias: string, id: string) => `session ${alias}\0${id}`;
export const moreKey = (alias: string, path: string) => `more ${alias}\0${path}`;

/** Returns the key of the host above a row; the key itself for a group. */
export function hostKeyOf(key: string): string {
  const [kind, rest = ''] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
  if (kind !== 'project' && kind !== 'session' && kind !== 'more') return key;
  return hostKey(rest.slice(0, rest.indexOf('\0')));
}

/** Returns the session of a row; `null` for another kind of row. */
export function sessionOfKey(key: string): SessionRef | null {
  const at = key.indexOf('\0');
  const [alias, id] = [key.slice('session '.length, at), key.slice(at + 1)];
  return at >= 0 && sessionKey(alias, id) === key ? { alias, id } : null;
}
