import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import type { HostTree, ProjectNode } from '../fleet/project-tree.ts';
import type { AttentionItem } from '../fleet/select-attention.ts';
import type { FoundMessage } from './find-state.ts';
import type { Message } from './messages.ts';

/** A line of a view's list. `key` identifies it, wherever it is. */
export type Row =
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly name: string;
      readonly entries: readonly HostEntry[];
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
    }
  /** A session that needs the user, with the reason. */
  | {
      readonly kind: 'need';
      readonly key: string;
      readonly entry: HostEntry;
      readonly session: Session;
      readonly item: AttentionItem;
    }
  /** A message whose text was searched for, and its session. */
  | {
      readonly kind: 'find';
      readonly key: string;
      readonly entry: HostEntry;
      readonly session: Session;
      readonly found: FoundMessage;
    }
  /** A project that used tokens today. */
  | { readonly kind: 'spender'; readonly key: string; readonly entry: HostEntry; readonly path: string }
  | { readonly kind: 'message'; readonly key: string; readonly message: Message };

/** Alias of the host that a row belongs to; `null` for a group or a message. */
export function aliasOfRow(row: Row): string | null {
  return entryOfRow(row)?.host.alias ?? null;
}

/** Returns the host entry of a row; `null` for a group or a message. */
export function entryOfRow(row: Row): HostEntry | null {
  return row.kind === 'group' || row.kind === 'message' ? null : row.entry;
}

/** Returns the host entry and the session of a row that stands for a session; `null` for another. */
export function sessionOfRow(row: Row | undefined): { readonly entry: HostEntry; readonly session: Session } | null {
  return row?.kind === 'session' || row?.kind === 'need' || row?.kind === 'find' ? row : null;
}
