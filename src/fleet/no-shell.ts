import { type Host, noShellReason } from '../domain/host.ts';
import { UserError } from '../lib/errors.ts';

/** Rejects work that needs a shell, on a host that is reached by its URL. */
export class NoShellError extends UserError {}

/** Throws a NoShellError for a host that is reached by its URL. */
export function checkShell(host: Pick<Host, 'label' | 'route'>): void {
  const reason = noShellReason(host);
  if (reason !== null) throw new NoShellError(reason);
}
