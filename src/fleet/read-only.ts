import { UserError } from '../lib/errors.ts';
import type { FleetSettings } from './settings.ts';

/** Rejects a change on a host that the user declared read-only. */
export class ReadOnlyError extends UserError {
  constructor(alias: string) {
    super(`${alias} is read-only (--readonly, or readonly: true)`);
  }
}

/** True if nothing may be changed on a host. */
export function isReadOnly({ readonly }: Pick<FleetSettings, 'readonly'>, alias: string): boolean {
  return typeof readonly === 'boolean' ? readonly : readonly.has(alias);
}
