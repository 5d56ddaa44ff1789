import type { Session } from '../../domain/session.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';

/**
 * A session at one server. A turn, its requests and its state are known to the server that runs it alone, so each step of a proven turn asks the same one.
 */
export interface SessionSeat {
  readonly alias: string;
  readonly session: Session;
  readonly client: ServerClient;
}
