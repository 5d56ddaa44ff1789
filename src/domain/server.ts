import { addressOfUrl } from './host.ts';

/** A running opencode of that user that listens on the host: `opencode serve`, or anything else that serves its API. */
export interface Server {
  /** 0 for a server that is known by its URL alone. */
  readonly pid: number;
  /** Distinguishes the process from a later one with the same pid; only compared for equality. */
  readonly startId: string;
  /** Its address as seen from the host itself. */
  readonly hostname: string;
  readonly port: number;
  /** The working directory of the process; `null` where the host does not tell. */
  readonly directory: string | null;
  /** `null` until the server has reported it. */
  readonly version: string | null;
  /** Started by ocr, which keeps its password on the host. */
  readonly own: boolean;
  /** The base URL by which it is reached without a shell of its host. */
  readonly url?: string | undefined;
}

/** Returns the server of an instance. Its key stays the same for as long as its URL does. */
export function serverAt(url: string, version: string | null = null): Server {
  return { pid: 0, startId: url, ...addressOfUrl(url), directory: null, version, own: false, url };
}

/** State of the link to one server. */
export type ServerState =
  | 'connecting'
  /** Its events arrive as they happen. */
  | 'live'
  /** It responds, but its events do not arrive. */
  | 'polled'
  | 'needs-password'
  /** The listener on its port is not proven to be that process, so nothing was sent to it. */
  | 'unproven'
  | 'failed';

export interface ServerLink {
  readonly server: Server;
  readonly state: ServerState;
  /** Why it is neither live nor connecting, on one line. */
  readonly reason: string | null;
  /** When it entered that state, epoch milliseconds of this machine's clock. */
  readonly since: number;
  /** Its events come faster than they can be read, so it is polled for a while. */
  readonly flooded?: boolean;
}

/** True if a server answers us, and so would report a session at work. */
export function isFollowed(state: ServerState): boolean {
  return state === 'live' || state === 'polled';
}

/** Names a server for as long as it runs. */
export function serverKey({ pid, startId, port }: Pick<Server, 'pid' | 'startId' | 'port'>): string {
  return `${pid} ${startId} ${port}`;
}

/** True if a server is still reached and logged in to in the same way. It may become known late that a server is ocr's own. */
export function isReachedAlike(before: Server, now: Server): boolean {
  return before.own === now.own && before.hostname === now.hostname && before.url === now.url;
}
