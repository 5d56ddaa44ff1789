import * as z from 'zod';
import type { Server } from '../../domain/server.ts';
import { parseOwnIdentity, parseServerLine } from './server-line.ts';
import { ServerProcessError } from './server-process-error.ts';

/** ocr's own server on a host. Its user name is `opencode`. */
export interface OwnServer {
  readonly server: Server;
  /** Never to be stored, logged or shown. */
  readonly password: string;
  /** Its path on the host, in a file (0600) that only that user can read. */
  readonly path: string;
  /** True if it was started just now. */
  readonly started: boolean;
}

const secretSchema = z.object({ password: z.string().min(1) });
const PREFIX = '@ocr ';

/** Parses the output of the script that starts ocr's own server. Throws a ServerProcessError, which never quotes the file. */
export function parseOwnServer(output: string): OwnServer {
  const facts = new Map<string, string>();
  const log: string[] = [];
  const content: string[] = [];
  for (const line of output.split('\n')) {
    if (!line.startsWith(PREFIX)) {
      if (facts.has('content')) content.push(line);
      continue;
    }
    const [, word = '', rest = ''] = /^(\S+) ?(.*)$/.exec(line.slice(PREFIX.length)) ?? [];
    if (word === 'log') log.push(rest);
    else facts.set(word, rest);
  }
  const failed = facts.get('failed');
  if (failed !== undefined) {
    const hint = log.join('\n').trim() || null;
    throw new ServerProcessError('start-failed', `opencode serve did not start: ${failed}`, { hint });
  }
  if (facts.has('none')) throw new ServerProcessError('not-running', 'no server of ocr runs there');
  if (facts.has('busy')) {
    throw new ServerProcessError('busy', 'another ocr has been starting the server of this host for too long');
  }
  const identity = parseOwnIdentity(content[0] ?? '');
  const server = parseServerLine(facts.get('server') ?? '', identity);
  const password = parsePassword(content.join('\n'));
  const path = facts.get('file');
  if (server === null || !server.own || password === null || path === undefined) {
    throw new ServerProcessError('protocol', "the host's answer about ocr's own server is not understood");
  }
  return { server, password, path, started: facts.has('started') };
}

/** Returns why a server was started without the profile, and the login shell; `null` if the profile was used. */
export function parseLeftOut(output: string): { readonly why: 'ended' | 'silent'; readonly shell: string } | null {
  const found = /^@ocr profile (ended|silent) (.*)$/m.exec(output);
  return found === null ? null : { why: found[1] === 'silent' ? 'silent' : 'ended', shell: found[2] ?? '' };
}

/** Returns the password from the file's text if the file is that server's; else `null`. */
export function parseOwnSecret(text: string, server: Server): string | null {
  const identity = parseOwnIdentity(text.split('\n')[0] ?? '');
  if (identity === null || identity.pid !== server.pid || identity.startId !== server.startId) return null;
  return parsePassword(text);
}

function parsePassword(text: string): string | null {
  try {
    return secretSchema.parse(JSON.parse(text)).password;
  } catch {
    return null;
  }
}
