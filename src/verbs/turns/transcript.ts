import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sleep } from '../../lib/abort.ts';
import { writePrivateFile } from '../../lib/atomic-file.ts';
import { buildTranscript } from '../../report/transcript/build-transcript.ts';
import { parseTranscriptInput } from '../../report/transcript/parse-transcript-input.ts';
import { formatTranscript, formatTurns } from '../../report/transcript/transcript-markdown.ts';
import {
  TRANSCRIPT_REPORT_VERSION,
  type TranscriptReport,
  type TranscriptTurn,
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
      yield await keep(desk, input, parseTranscriptInput(await readInput(input.input, desk.signal), input.input));
    else yield* live(desk, input, input.session ?? '');
  },
  text(report, { output }) {
    if (output !== null) return `${output}\n`;
    // A later part of what --follow prints.
    const isContinued = report.turns.length > 0 && report.turns[0]?.index !== 1;
    return isContinued ? formatTurns(report.turns) : formatTranscript(report);
  },
});

async function* live(desk: Desk, input: Input, text: string): AsyncGenerator<TranscriptReport> {
  const { client, session } = await desk.seat(text, input.on, 'read');
  const read = async () => buildTranscript(await client.sessionNow(session, desk.signal));
  if (input.follow) yield* follow(desk, input, read);
  else yield await keep(desk, input, await read());
}

/** Yields the turns that have ended, and each later one when it has. */
async function* follow(
  desk: Desk,
  input: Input,
  read: () => Promise<TranscriptReport>,
): AsyncGenerator<TranscriptReport> {
  let shown = 0;
  for (let isFirst = true; !desk.signal.aborted; isFirst = false) {
    const now = await read();
    const ended = now.turns.findLastIndex((turn, at) => at < now.turns.length - 1 || hasEnded(turn)) + 1;
    if (ended > shown) yield { ...now, turns: now.turns.slice(shown, ended) };
    if (isFirst) await keep(desk, input, now);
    shown = Math.max(shown, ended);
    await sleep(FOLLOW_INTERVAL_MS, desk.signal);
  }
}

/** True if its last answer has failed, or stopped for good. */
function hasEnded({ assistantMessages }: TranscriptTurn): boolean {
  const last = assistantMessages.at(-1);
  return last !== undefined && (last.error !== null || !['unknown', 'tool-calls'].includes(last.finish));
}

/** Writes the transcript where the user wants it too. */
async function keep(desk: Desk, { output, teeTemp }: Input, report: TranscriptReport): Promise<TranscriptReport> {
  if (output === null && !teeTemp) return report;
  const isJson = desk.wantsJson || output?.endsWith('.json') === true;
  const content = isJson ? `${JSON.stringify(report, null, 2)}\n` : formatTranscript(report);
  if (output !== null) await writePrivateFile(resolve(desk.workingDirectory, output), content);
  if (teeTemp) {
    const folder = await mkdtemp(join(tmpdir(), 'ocr-transcript-'));
    const name = report.sessionID.replace(/[^A-Za-z0-9_-]/g, '-');
    const path = join(folder, `${name}.${isJson ? 'json' : 'md'}`);
    await writeFile(path, content, { mode: 0o600 });
    desk.warn(`the transcript is also in ${path}`);
  }
  return report;
}
