import { closeSync, constants, openSync, writeSync } from 'node:fs';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Fields = Readonly<Record<string, unknown>>;

/** Writes one line of JSON for each event. Secrets are never passed to it. */
export interface Logger {
  error(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
}

/** A logger that hands each line (without a newline) of at most `level` to `write`. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  const limit = LOG_LEVELS.indexOf(level);
  const at = (name: LogLevel) => (message: string, fields?: Fields) => {
    if (LOG_LEVELS.indexOf(name) > limit) return;
    write(JSON.stringify({ time: new Date().toISOString(), level: name, message, ...fields }));
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

export const silentLogger: Logger = createLogger('error', () => {});

/** Opening a FIFO without a reader fails instead of blocking. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/**
 * Appends to a file (mode 0600). A line that cannot be written is lost, and `onLost` gets the system's error; later lines are still tried. Throws the
 * system's error when the file cannot be opened.
 */
export function openFileLogger(
  path: string,
  level: LogLevel,
  onLost: (error: unknown) => void,
): { logger: Logger; close: () => void } {
  const file = openSync(path, APPEND, 0o600);
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (error) {
      onLost(error);
    }
  };
  return {
    logger: createLogger(level, (line) => attempt(() => writeSync(file, `${line}\n`))),
    close: () => attempt(() => closeSync(file)),
  };
}
