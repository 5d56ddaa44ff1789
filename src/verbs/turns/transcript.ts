import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sleep } from '../../lib/abort.ts';
import { writePrivateFile } from '../../lib/atomic-file.ts';
import { buildTranscript } from '../../report/transcript/build-transcript.ts';
import { parseTranscriptInput } from '../../report/transcript/parse-transcript-input.ts';
import { formatTranscript } from '../../report/transcript/transcript-markdown.ts';
import {
  TRANSCRIPT_REPORT_VERSION,
  type TranscriptReport,
  transcriptReportSchema,
} from '../../report/transcript/transcript-report.ts';
import type { Desk } from '../desk.ts';
import { EXIT, VerbError } from '../exit-status.ts';
import type { InputOf } from '../param.ts';
import { readInput } from '../read-input.ts';
import type { transcript } from '../specs/turns.ts';
import { implement } from '../verb.ts';

type Input = InputOf<(typeof transcript)['params']>;

const FOLLOW_INTERVAL_MS = 1000;

/** `ocr transcript`: a session, live or from its export, as JSON or Markdown. */
export const transcriptVerb = implement<typeof transcript, TranscriptReport>({
  output: transcriptReportSchema,
  version: TRANSCRIPT_REPORT_VERSION,
  async *run(desk, input) {
    if ((input.session === null) === (input.input === null)) {
      throw new VerbError(EXIT.usage, 'name a session, or an export with --input FILE');
    }
    if (input.follow && (input.session === null || input.output !== null)) {
      throw new VerbError(EXIT.usage, '--follow needs a session, and no --output');
    }
    if (input.input !== null)
      yield await keep(desk, input, parseTranscriptInput(await readInput(input.input), input.input));
    else yield* live(desk, input, input.session ?? '');
  },
  text: (report, { output }) => (output === null ? formatTranscript(report) : `${output}\n`),
});

async function* live(desk: Desk, input: Input, text: string): AsyncGenerator<TranscriptReport> {
  const { entry, session } = await desk.session(text, input.on);
  const ref = { alias: entry.host.alias, id: session.id };
  const context = await desk.context();
  const read = async () => {
    const client = await context.clientFor(ref, 'read', desk.signal);
    const [own] = await client.exportSessions(session, desk.signal);
    if (own === undefined) throw new VerbError(EXIT.failed, 'the session holds nothing');
    return buildTranscript(JSON.parse(own.text));
  };
  const first = await read();
  yield await keep(desk, input, first);
  if (!input.follow) return;
  let shown = first.turns.length;
  for (;;) {
    await sleep(FOLLOW_INTERVAL_MS, desk.signal);
    desk.signal.throwIfAborted();
    const now = await read();
    const fresh = now.turns.slice(shown);
    if (fresh.length === 0) continue;
    yield { ...now, turns: fresh };
    shown = now.turns.length;
  }
}

/** Writes the transcript where the user wants it too. */
async function keep(desk: Desk, { output, teeTemp }: Input, report: TranscriptReport): Promise<TranscriptReport> {
  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (output !== null) {
    await writePrivateFile(
      resolve(desk.workingDirectory, output),
      output.endsWith('.json') ? json : formatTranscript(report),
    );
  }
  if (teeTemp) {
    const folder = await mkdtemp(join(tmpdir(), 'ocr-transcript-'));
    const path = join(folder, `${report.sessionID.replace(/[^A-Za-z0-9_-]/g, '-')}.md`);
    await writeFile(path, formatTranscript(report), { mode: 0o600 });
    desk.warn(`the transcript is also in ${path}`);
  }
  return report;
}
