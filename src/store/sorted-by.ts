import type { Transition } from './transition.ts';

/** Sorts a table by a column; again by the same one reverses the order. */
export const sortedBy =
  (table: 'sessions' | 'hosts', by: string): Transition =>
  ({ sorts }) => {
    const before = sorts[table];
    return { sorts: { ...sorts, [table]: { by, reversed: before.by === by && !before.reversed } } };
  };
