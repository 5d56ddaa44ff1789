import type { ServerClient } from './server/server-client.ts';

/** Reads a session's content: from its server or, if that would boot the session's directory, from the database. */
export type ContentSource = Pick<ServerClient, 'messages' | 'todos' | 'changes' | 'watchMessages'> & {
  /** A source that reads stored content and sends no events. */
  readonly isStored?: true;
};
