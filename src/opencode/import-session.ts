import { type LoginEnvironment, loginVariables } from '../domain/login.ts';
import { UserError } from '../lib/errors.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import type { Transport } from '../transport/transport.ts';
import { DIRECTORY_GONE } from './attach-command.ts';
import { type SessionExport, withoutShare } from './export-import.ts';
import { THROUGH_LOGIN_FUNCTIONS } from './login-shell.ts';

export interface ImportOptions {
  /** Path of opencode on the host. */
  readonly opencodePath: string;
  /** The environment of a login there; `null` if unknown. */
  readonly login?: LoginEnvironment | null;
  /** Milliseconds that the host may be silent; opencode takes seconds to start. */
  readonly timeout: number;
}

/** Characters sent at once. */
const CHUNK_BYTES = 256 * 1024;
const MAX_BYTES = 2 ** 20;
/** Characters kept from the end of opencode's error output. */
const MAX_OUTPUT_CHARS = 4000;

/**
 * Brings a session back by `opencode import`, in its own directory: import takes project and directory from where it runs. The export goes to the host
 * through the shell's input into a file (0600) that is removed again, however this ends. Rejects with a UserError or a TransportError.
 */
export async function importSession(
  host: Pick<Transport, 'shell'>,
  session: SessionExport,
  options: ImportOptions,
  signal: AbortSignal,
): Promise<void> {
  const shell = await host.shell(signal);
  const limits = { signal, idleTimeout: options.timeout, maxBytes: MAX_BYTES };
  const run = async (script: string) => parseAnswer((await shell.run(script, limits)).output);
  try {
    await expectDone(run(BEGIN));
    await sendText(run, withoutShare(session.text));
    const { word, rest, said } = await run(importScript(options, session.directory));
    if (word === 'exit' && rest === '0') return;
    if (rest === String(DIRECTORY_GONE)) {
      throw new UserError(`its directory is gone: create ${session.directory} again first`);
    }
    throw new UserError(`opencode import failed: ${lastWords(said) ?? `exit status ${rest}`}`);
  } finally {
    // Its trap removes the files it wrote, even when the connection is lost.
    shell.close();
  }
}

interface Answer {
  readonly word: string;
  readonly rest: string;
  readonly said: string;
}

const BEGIN = `
umask 077
ocr_folder=$(mktemp -d "\${TMPDIR:-/tmp}/ocr-import.XXXXXX" 2>/dev/null) || ocr_folder=
if [ -n "$ocr_folder" ]; then
  trap 'rm -rf "$ocr_folder"' EXIT
  trap 'exit 1' HUP INT TERM PIPE
  printf '@ocr done\\n'
else
  printf '@ocr failed no temporary folder can be made there\\n'
fi`;

/** A line of JSON can be none of these words. */
const DELIMITER = 'OCR_END_OF_CHUNK';

/** Its lines are never split, so the newline that ends each chunk is one of the text's own. */
async function sendText(run: (script: string) => Promise<Answer>, text: string): Promise<void> {
  let chunk = '';
  const send = async () => {
    if (chunk === '') return;
    await expectDone(
      run(`cat >>"$ocr_folder/session.json" <<'${DELIMITER}' && printf '@ocr done\\n'\n${chunk}${DELIMITER}\n`),
    );
    chunk = '';
  };
  for (const line of text.trimEnd().split('\n')) {
    chunk += `${line}\n`;
    if (chunk.length >= CHUNK_BYTES) await send();
  }
  await send();
  const { rest } = await run(`printf '@ocr size %s\\n' "$(wc -c <"$ocr_folder/session.json")"`);
  if (Number(rest) !== Buffer.byteLength(text)) {
    throw new UserError(
      `the export did not fully arrive on the host: ${rest.trim()} of ${Buffer.byteLength(text)} bytes`,
    );
  }
}

/** The import runs in the login shell, as an attach does, so that opencode finds the same database. */
function importScript({ opencodePath, login = null }: ImportOptions, directory: string): string {
  const variables = login === null ? [] : Object.entries(loginVariables(login));
  const inner = portableScript(
    [
      'exec </dev/null',
      `cd ${quoteArgument(directory)} || exit ${DIRECTORY_GONE}`,
      `exec ${quoteArgument(opencodePath)} import "$OCR_IMPORT_FILE"`,
    ].join('\n'),
  );
  return [
    'OCR_IMPORT_FILE=$ocr_folder/session.json',
    'export OCR_IMPORT_FILE',
    THROUGH_LOGIN_FUNCTIONS,
    'ocr_ran=',
    'ocr_run() { ocr_ran=1; "$@"; }',
    `ocr_command=${quoteArgument(inner)}`,
    '{',
    `ocr_through_login ocr_run ${login === null ? 'login' : (login.mode ?? 'none')} "$ocr_command" <<OCR_END`,
    '$ocr_command',
    'OCR_END',
    'ocr_status=$?',
    'if [ -z "$ocr_ran" ]; then',
    ...variables.map(([name, value]) => `${name}=${quoteArgument(value)}; export ${name}`),
    '/bin/sh -c "$ocr_command"',
    'ocr_status=$?',
    'fi',
    '} >"$ocr_folder/said" 2>&1',
    'printf "@ocr exit %s\\n" "$ocr_status"',
    `tail -c ${MAX_OUTPUT_CHARS} "$ocr_folder/said"`,
    'rm -rf "$ocr_folder"',
  ].join('\n');
}

function parseAnswer(output: string): Answer {
  const [, word = '', rest = '', said = ''] = /^@ocr (\S+) ?([^\n]*)\n?([\s\S]*)$/m.exec(output) ?? [];
  return { word, rest, said };
}

async function expectDone(answer: Promise<Answer>): Promise<void> {
  const { word, rest } = await answer;
  if (word !== 'done') throw new UserError(rest || 'the export cannot be written on the host');
}

/** Returns the last line that is neither a colour code nor a frame. */
function lastWords(said: string): string | null {
  const lines = said
    .replace(/\u001b\[[0-9;]*m/g, '')
    .split('\n')
    .map((line) => line.trim());
  const first = lines.findIndex((line) => line.startsWith('Error:'));
  const from = first < 0 ? lines.filter((line) => line !== '').slice(-1) : lines.slice(first);
  const text = from.filter((line) => line !== '').join(' ');
  return text === '' ? null : text.slice(0, 300);
}
