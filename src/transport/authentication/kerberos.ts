import { runProgram } from '../../lib/run-program.ts';

const KLIST_TIMEOUT_MS = 2000;
/** One answer serves a whole fleet, which asks for each host. */
const ANSWER_TTL_MS = 30_000;

let known: { readonly ticket: Promise<boolean>; readonly until: number } | undefined;

/** True if the user holds a valid Kerberos ticket (`klist -s`; false if Kerberos is not installed). */
export function hasKerberosTicket(): Promise<boolean> {
  const now = performance.now();
  if (known === undefined || known.until < now) known = { ticket: askKlist(), until: now + ANSWER_TTL_MS };
  return known.ticket;
}

async function askKlist(): Promise<boolean> {
  const result = await runProgram('klist', ['-s'], { timeout: KLIST_TIMEOUT_MS }).catch(() => null);
  return result?.code === 0;
}
