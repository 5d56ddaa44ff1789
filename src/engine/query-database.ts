import type { Snapshot } from '../domain/snapshot.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { ContentQuery } from '../opencode/stored-content.ts';
import { contentScript } from '../probe/content-script.ts';
import { fileFault } from '../probe/read-doubt.ts';
import { parseSurveyReport } from '../probe/survey-report.ts';
import type { RunLimits, Transport } from '../transport/transport.ts';

/** Bytes of one answer. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Runs a query on a host's database in a shell of its own, so that a long one holds up no survey. Reads with sqlite3 or python3, and changes no file. Rejects
 * with a TransportError, or an ExpectedError if neither can read the database.
 */
export async function queryDatabase<Value>(
  transport: Transport,
  { databasePath }: Pick<Snapshot, 'databasePath'>,
  { sql, parse }: ContentQuery<Value>,
  limits: Pick<RunLimits, 'signal' | 'idleTimeout'>,
): Promise<Value> {
  if (databasePath === null) throw new ExpectedError('opencode has no database there');
  const shell = await transport.shell(limits.signal);
  try {
    const { output } = await shell.run(contentScript(databasePath, sql), { ...limits, maxBytes: MAX_BYTES });
    const { state, passedOver } = parseSurveyReport(output);
    if (state.kind === 'rows') return parse(JSON.parse(state.text.trim() || '[]'));
    const tried = passedOver.map(({ rung, reason }) => `${rung} ${reason}`).join(', ');
    throw new ExpectedError(`the database cannot be read: ${fileFault(passedOver) ?? (tried || 'no answer')}`);
  } finally {
    shell.close();
  }
}
