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

/** Alias of the host that a row belongs to; `null` for a group. */
export function aliasOfRow(row: Row): string | null {
  return entryOfRow(row)?.host.alias ?? null;
}

/** Returns the host entry of a row; `null` for a group. */
export function entryOfRow(row: Row): HostEntry | null {
  return row.kind === 'group' ? null : row.entry;
}
