import { join } from 'node:path';
import { stateDirectory } from '../config/paths.ts';
import { formatCrash, secretsOf, writeCrash } from '../lib/crash-report.ts';
import { messageOf } from '../lib/errors.ts';
import { recentActions } from '../lib/recent-actions.ts';
import { knownNames } from './known-names.ts';
import { printMessage } from './print-message.ts';

/** Writes a crash report into the state folder, and prints what happened and where the report is. Never rejects. */
export async function reportCrash(error: unknown, version: string): Promise<void> {
  const now = new Date();
  const { columns, rows } = process.stdout;
  const { node } = process.versions;
  const platform = `${process.platform} ${process.arch}`;
  const facts = { version, node, platform, columns, rows, term: process.env.TERM, actions: recentActions.list };
  const folder = join(stateDirectory(process.env), 'crashes');
  try {
    const text = formatCrash(error, facts, secretsOf(knownNames(), process.env), now);
    const path = await writeCrash(text, folder, now);
    printMessage(`this is a bug: ${messageOf(error)}; the report is in ${path}`);
  } catch (cause) {
    const stack = error instanceof Error ? error.stack : '';
    printMessage(`this is a bug: ${messageOf(error)} (no report was written: ${messageOf(cause)})\n${stack}`);
  }
}
