import type { TreeOrder } from '../fleet/project-tree.ts';
import type { Desk } from './desk.ts';

/** Returns the order in which the dashboard lists sessions. Ask once a verb, since facts about a host are cached by the object. */
export function treeOrderOf({ config, fleet }: Desk): TreeOrder {
  return { ...fleet.getState().settings, sortBy: config.sessions.sort_by };
}
