import { spawn } from 'node:child_process';
import type { Config } from '../config/schema.ts';
import { printable } from '../domain/printable.ts';
import type { AttentionItem } from '../fleet/select-attention.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';

const BELL = '\u0007';
const ESCAPE = '\u001b';
/**
 * Characters of a command's input: a system takes no more than 128 KiB in one piece, and a permission may hold a whole
 * file.
 */
const MAX_TEXT_CHARS = 4000;
/** Milliseconds that a command may take. */
const COMMAND_TIMEOUT_MS = 30_000;

/**
 * Creates the function that notifies the user when sessions need them: by the terminal, and by the user's own command.
 */
export function createNotifier(
  settings: () => Config['notify'],
  write: (text: string) => void,
  logger: Logger,
): (items: readonly AttentionItem[]) => void {
  return (items) => {
    const { bell, desktop, command } = settings();
    const sequences = desktop === 'none' ? [] : items.map((item) => desktopSequence(desktop, item));
    const text = `${sequences.join('')}${bell ? BELL : ''}`;
    if (text !== '') write(text);
    if (command !== undefined) for (const item of items) runCommand(command, item, logger);
  };
}

/** OSC 9 (iTerm2's notification) or OSC 777 (urxvt's `notify`). The text can neither end the sequence nor hold a field's separator. */
function desktopSequence(kind: 'osc9' | 'osc777', { entry, session, attention }: AttentionItem): string {
  // Cut first: half a character would not be printable.
  const clean = (text: string) => printable(printable(text).slice(0, 200)).replaceAll(';', ',');
  const title = clean(`${entry.host.label}: ${attention.kind}`);
  const body = clean([session.title, attention.detail].filter((part) => part !== '').join(': '));
  const content = kind === 'osc9' ? `9;${title}: ${body}` : `777;notify;${title};${body}`;
  return `${ESCAPE}]${content}${BELL}`;
}

/** Passes the text in the environment: the shell reads no part of it. */
function runCommand(command: string, { entry, session, attention }: AttentionItem, logger: Logger): void {
  const told = {
    OCR_HOST: entry.host.alias,
    OCR_KIND: attention.kind,
    OCR_TITLE: `${entry.host.label}: ${session.title}`,
    OCR_DETAIL: attention.detail,
    OCR_SESSION: session.id,
    OCR_DIRECTORY: session.directory,
  };
  const clean = Object.fromEntries(
    Object.entries(told).map(([name, value]) => [name, value.replaceAll('\0', '').slice(0, MAX_TEXT_CHARS)]),
  );
  const failed = (facts: Record<string, unknown>) => logger.warn('notify.command failed', facts);
  try {
    const env = { ...process.env, ...clean };
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'ignore', env });
    // ocr must not wait for it when it exits.
    child.unref();
    const timer = setTimeout(() => child.kill(), COMMAND_TIMEOUT_MS).unref();
    child.on('error', (error) => failed({ reason: error.message }));
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0) failed({ code, signal });
    });
  } catch (error) {
    // The system refuses some at once.
    failed({ reason: messageOf(error) });
  }
}
