import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReadOnly } from '../../../fleet/read-only.ts';
import { makeTemporaryFolder } from '../../../lib/temporary-folder.ts';
import { readTranscript } from '../../../operations/sessions/read-transcript.ts';
import { transcriptMarkdown } from '../../../operations/sessions/transcript-markdown.ts';
import { say } from '../../feedback.ts';
import { dropLateKeys } from '../../late-keys.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';
import { labelOf, latestOf } from './session-now.ts';

/** Messages of a transcript at most; of a longer one the last ones. */
const MAX_MESSAGES = 1000;

/** Opens a session's transcript in the user's editor. Only the user can read the file, which is removed afterwards. */
export async function editTranscript(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [chosen] = target.sessions;
  if (chosen === undefined) return;
  const { entry, session } = latestOf(ports, chosen);
  const { alias, label } = entry.host;
  if (isReadOnly(ports.store.getState().settings, alias) && (entry.snapshot?.servers.length ?? 0) === 0) {
    return say(
      ports.store,
      `${label} runs no server to read the transcript from, and ocr starts none on a read-only host`,
    );
  }
  await act(ports, `reading the transcript on ${label}`, async (tell) => {
    const { messages, isCut } = await readTranscript(
      ports,
      { alias, id: session.id },
      { limit: MAX_MESSAGES },
      ports.signal,
    );
    if (messages.length === 0) return say(ports.store, `${labelOf({ entry, session })}: nothing was said yet`);
    const clockOffset = entry.snapshot?.clockOffset ?? 0;
    tell('the editor has the terminal');
    await editText(ports, transcriptMarkdown({ host: label, clockOffset, session, cut: isCut }, messages));
  });
}

async function editText(ports: ActionPorts, text: string): Promise<void> {
  const folder = await makeTemporaryFolder(tmpdir(), 'ocr-transcript-');
  try {
    const path = join(folder, 'transcript.md');
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    await ports.runEditor(path);
  } finally {
    dropLateKeys(ports.store);
    await rm(folder, { recursive: true, force: true });
  }
}
