import type * as z from 'zod';
import { codeOf, ExpectedError, messageOf } from '../../lib/errors.ts';
import { TransportError } from '../../transport/transport.ts';
import { ServerProcessError } from '../server-process/server-process-error.ts';

export type ServerErrorKind =
  /** It needs another user name or password. */
  | 'unauthorized'
  | 'not-found'
  /** The listener is not proven to be the user's server, so nothing was sent to it. */
  | 'unproven'
  /** Nothing listens there. */
  | 'refused'
  | 'timeout'
  /** The connection was lost, was not to be had, or the caller gave up. */
  | 'closed'
  /** It responded with another error status. */
  | 'http'
  /** The response is not opencode's. */
  | 'protocol';

interface ErrorFacts {
  readonly status?: number;
  readonly cause?: unknown;
}

/** An expected failure of a request to a server. `message` names the request and the reason on one line. */
export class ServerError extends ExpectedError {
  override readonly name = 'ServerError';
  readonly kind: ServerErrorKind;
  /** Method and path, such as `GET /global/health`. */
  readonly where: string;
  /** The message without `where`: the server's own words, if there are any. */
  readonly reason: string;
  /** HTTP status; `null` when there was no answer. */
  readonly status: number | null;

  constructor(kind: ServerErrorKind, where: string, reason: string, { status, cause }: ErrorFacts = {}) {
    super(`${where}: ${reason}`, { cause });
    this.kind = kind;
    this.where = where;
    this.reason = reason;
    this.status = status ?? null;
  }
}

/** Codes of the system and of undici for a connection that was there. */
const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_ABORTED',
]);

/** Returns the error for a response with an error status; `body` is parsed if it is JSON. */
export function errorOfAnswer(where: string, status: number, body: unknown): ServerError {
  const said = wordsOf(body);
  const reason = `${status}${said === null ? '' : ` ${said}`}`;
  if (status === 401 || status === 403) {
    return new ServerError('unauthorized', where, said ?? 'it wants a password', { status, cause: body });
  }
  return new ServerError(status === 404 ? 'not-found' : 'http', where, said ?? reason, { status, cause: body });
}

/** Returns the error for a request without a response, from any thrown value. */
export function errorOfFailure(where: string, thrown: unknown): ServerError {
  if (thrown instanceof ServerError) return thrown;
  const causes = causesOf(thrown);
  const unproven = causes.find(isUnproven);
  if (unproven !== undefined) return new ServerError('unproven', where, unproven.message, { cause: unproven });
  const transport = causes.find((error) => error instanceof TransportError);
  if (transport !== undefined) {
    const { kind, message } = transport;
    const known = kind === 'refused' || kind === 'timeout' ? kind : 'closed';
    return new ServerError(known, where, message, { cause: transport });
  }
  const codes = causes.map((error) => codeOf(error) ?? '');
  const last = causes.at(-1) ?? thrown;
  if (codes.includes('ECONNREFUSED'))
    return new ServerError('refused', where, 'nothing listens there', { cause: thrown });
  if (causes.some(isForeign)) {
    return new ServerError('protocol', where, `not an answer of opencode (${explain(last)})`, { cause: thrown });
  }
  const lost = codes.some((code) => LOST.has(code));
  return new ServerError('closed', where, lost ? `the connection was lost (${explain(last)})` : explain(last), {
    cause: thrown,
  });
}

/**
 * True for a response that is not HTTP, not JSON, of the wrong shape, or the page that opencode serves for unknown
 * paths.
 */
function isForeign(error: Error): boolean {
  // A status that HTTP does not have is a RangeError.
  if (error instanceof SyntaxError || error instanceof RangeError || isShapeError(error)) return true;
  return error.name === 'HTTPParserError' || error.message.endsWith('text/html)');
}

/** True for a ZodError. Known by its name, since loading zod takes longer than a short verb. */
function isShapeError(error: unknown): error is z.ZodError {
  return error instanceof Error && /^\$?ZodError$/.test(error.name);
}

function isUnproven(error: Error): boolean {
  return error instanceof ServerProcessError && error.kind === 'unproven';
}

function explain(error: unknown): string {
  const [issue] = isShapeError(error) ? error.issues : [];
  return issue === undefined ? oneLine(messageOf(error)) : `${issue.path.join('.') || 'it'}: ${issue.message}`;
}

/** Returns an error and its causes, outermost first. */
function causesOf(thrown: unknown): readonly Error[] {
  const causes: Error[] = [];
  for (let error = thrown; error instanceof Error && causes.length < 10; error = error.cause) causes.push(error);
  return causes;
}

/** Returns the server's error message from any of opencode's shapes, as one line of at most 300 characters. */
function wordsOf(body: unknown): string | null {
  const said = firstText(body, [['data', 'message'], ['message'], ['error', 'message'], ['error'], ['name'], []]);
  return said === null ? null : oneLine(said);
}

function firstText(body: unknown, paths: readonly (readonly string[])[]): string | null {
  for (const path of paths) {
    let value = body;
    for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return null;
}

/** Returns the first line of foreign text, which may be a stack trace. */
export function oneLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return line.replace(/\s+/g, ' ').trim().slice(0, 300);
}
