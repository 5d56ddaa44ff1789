import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import type { HostTree, ProjectNode } from '../fleet/project-tree.ts';

/** A line of the tree. `key` identifies it, wherever it is. */
export type Row =
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly name: string;
      readonly hosts: number;
      readonly expanded: boolean;
    }
  | {
      readonly kind: 'host';
      readonly key: string;
      readonly entry: HostEntry;
      readonly tree: HostTree | null;
      readonly expanded: boolean;
    }
  | {
      readonly kind: 'project';
      readonly key: string;
      readonly entry: HostEntry;
      readonly project: ProjectNode;
      readonly expanded: boolean;
    }
  | {
      readonly kind: 'session';
      readonly key: string;
      readonly entry: HostEntry;
      readonly session: Session;
      /** 0 for a root, 1 for a session of its subagents, and so on. */
      readonly level: number;
      /** Number of its subagents' sessions. */
      readonly children: number;
      readonly expanded: boolean;
    }
  /** Stands for the sessions cut by `max_display`. */
  | {
      readonly kind: 'more';
      readonly key: string;
      readonly entry: HostEntry;
      readonly project: ProjectNode;
      readonly hidden: number;
    };

export const groupKey = (name: string | null) => (name === null ? 'no group' : `group ${name}`);
export const hostKey = (alias: string) => `host ${alias}`;
export const projectKey = (alias: string, path: string) => `project ${alias}\0${path}`;
export const sessionKey = (alias: string, id: string) => `session ${alias}\0${id}`;
export const moreKey = (alias: string, path: string) => `more ${alias}\0${path}`;

/** Key of the host that the row with this key belongs to; the key itself for a group. */
export function hostKeyOf(key: string): string {
  const [kind, rest = ''] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
  if (kind !== 'project' && kind !== 'session' && kind !== 'more') return key;
  return hostKey(rest.slice(0, rest.indexOf('\0')));
}

/** Alias of the host that a row belongs to; `null` for a group. */
export function aliasOfRow(row: Row): string | null {
  return entryOfRow(row)?.host.alias ?? null;
}

/** Returns the host entry of a row; `null` for a group. */
export function entryOfRow(row: Row): HostEntry | null {
  return row.kind === 'group' ? null : row.entry;
}
