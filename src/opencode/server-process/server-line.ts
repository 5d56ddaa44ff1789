import * as z from 'zod';
import type { Server } from '../../domain/server.ts';
import { parseListeners } from './listening-address.ts';

/** The contents of the file of ocr's own server, without the password. */
export interface OwnIdentity {
  readonly pid: number;
  readonly startId: string;
  readonly port: number;
  readonly version: string | null;
}

const identitySchema = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  startId: z.string().min(1),
  port: z.int().min(1).max(65_535),
  opencode: z.string().nullable(),
});

/** Parses the first line of that file; `null` for anything else. */
export function parseOwnIdentity(line: string): OwnIdentity | null {
  try {
    const parsed = identitySchema.safeParse(JSON.parse(`${line}"password":""}`));
    if (!parsed.success) return null;
    const { pid, startId, port, opencode } = parsed.data;
    return { pid, startId, port, version: opencode };
  } catch {
    return null;
  }
}

/** Parses `PID STARTID SOCKETS DIRECTORY` as FIND_FUNCTIONS tell it after `@ocr server`; `null` for a process that listens on nothing. */
export function parseServerLine(text: string, own: OwnIdentity | null): Server | null {
  const match = /^(\d+) (\S+) (\S+) ?(.*)$/.exec(text);
  if (match === null) return null;
  const [, pid = '', startId = '', sockets = '', directory = ''] = match;
  const listeners = parseListeners(sockets);
  const isOwn = own !== null && own.pid === Number(pid) && own.startId === startId;
  const ownListener = isOwn ? listeners.find(({ port }) => port === own.port) : undefined;
  const listener = ownListener ?? listeners[0];
  if (listener === undefined) return null;
  return {
    pid: Number(pid),
    startId,
    hostname: listener.hostname,
    port: listener.port,
    directory: directory.startsWith('/') ? directory : null,
    version: ownListener === undefined ? null : (own?.version ?? null),
    own: ownListener !== undefined,
  };
}
