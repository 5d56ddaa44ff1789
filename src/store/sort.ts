/** Columns that the session table can be sorted by. */
export const SESSION_SORTS = [
  'title',
  'host',
  'project',
  'state',
  'age',
  'cost',
  'agent',
  'model',
  'changes',
  'messages',
  'tokens',
] as const;
export type SessionSort = (typeof SESSION_SORTS)[number];
/** Columns that the host table can be sorted by. */
export const HOST_SORTS = [
  'host',
  'state',
  'rtt',
  'sessions',
  'need',
  'working',
  'version',
  'load',
  'memory',
  'today',
] as const;
export type HostSort = (typeof HOST_SORTS)[number];

/** Columns whose order begins with the largest value, until it is reversed. */
export const LARGEST_FIRST: ReadonlySet<string> = new Set<SessionSort | HostSort>([
  ...(['cost', 'changes', 'messages', 'tokens'] as const),
  ...(['sessions', 'need', 'working', 'load', 'memory', 'today'] as const),
]);

export interface Sort<By extends string = string> {
  readonly by: By;
  readonly reversed: boolean;
}

/** Sessions: what needs you first. Hosts: in the order of the tree. */
export const DEFAULT_SORTS = {
  sessions: { by: 'state', reversed: false },
  hosts: { by: 'host', reversed: false },
} as const satisfies { sessions: Sort<SessionSort>; hosts: Sort<HostSort> };
