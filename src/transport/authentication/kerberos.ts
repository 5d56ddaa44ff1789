import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Milliseconds. */
const PATIENCE = 2000;
/** Milliseconds for which an answer stands: a fleet asks for each of its hosts. */
const STANDS = 30_000;

let known: { readonly ticket: Promise<boolean>; readonly until: number } | undefined;

/** Does the person hold a Kerberos ticket that is still good? (`klist -s`; without Kerberos there is none.) */
export function hasKerberosTicket(): Promise<boolean> {
  const now = performance.now();
  if (known === undefined || known.until < now) known = { ticket: askKlist(), until: now + STANDS };
  return known.ticket;
}

async function askKlist(): Promise<boolean> {
  try {
    await run('klist', ['-s'], { timeout: PATIENCE });
    return true;
  } catch {
    return false;
  }
}
