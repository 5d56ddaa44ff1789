import * as z from 'zod';
import { ACTION_NAMES, type ActionName, type KeyBindings } from '../domain/action-names.ts';
import { keySequence } from './schema-parts.ts';

/** The keys of an action: one, several, or none. Becomes a list. */
const keys = z
  .preprocess(
    (given) => (given === null ? [] : Array.isArray(given) ? given : [given]),
    z.array(keySequence).transform((list) => [...new Set(list)]),
  )
  .optional();

const shape = Object.fromEntries(ACTION_NAMES.map((name) => [name, keys])) as Record<ActionName, typeof keys>;

/** Keys by action: only those that the user set. */
export const keybindings = z
  .strictObject(shape)
  .transform((given): KeyBindings => {
    const set = Object.entries(given).filter(([, list]) => list !== undefined);
    return Object.fromEntries(set);
  })
  .prefault({});
