import { loginTrouble } from '../../domain/login.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { Fact } from './fact.ts';

/** Lists where opencode and its sessions are on a host, and the login environment behind that. */
export function placeFacts({ login, databasePath, confirmed, candidates }: Snapshot): Fact[] {
  const facts: Fact[] = [];
  if (login !== null) {
    facts.push({ name: 'login', value: LOGIN_WORDS[login.mode ?? 'none'](login.shell || 'no shell') });
    const trouble = loginTrouble(login);
    if (trouble !== null) facts.push({ name: '', value: trouble });
    for (const [name, value] of Object.entries(login.variables)) facts.push({ name: '', value: `${name}=${value}` });
  }
  if (databasePath === null) return facts;
  facts.push({ name: 'database', value: databasePath });
  if (confirmed?.path === databasePath) facts.push({ name: '', value: 'confirmed by opencode' });
  else if (candidates > 1) facts.push({ name: '', value: `the latest of ${candidates}; not confirmed by opencode` });
  return facts;
}

const LOGIN_WORDS = {
  login: (shell: string) => `from a login of ${shell}`,
  interactive: (shell: string) => `from an interactive login of ${shell}`,
  none: (shell: string) => `${shell} did not answer, so its profile is left out`,
} as const;
