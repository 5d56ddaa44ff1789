import type { LiveHost } from './live.ts';
import { isFollowed, type ServerLink } from './server.ts';

/**
 * Records the state of the link to a server. Once it is neither live nor polled, everything else known of the server is
 * dropped.
 */
export function applyLink(live: LiveHost, key: string, link: ServerLink): LiveHost {
  const kept = isFollowed(link.state) ? live : withoutWordsOf(live, key);
  return { ...kept, servers: new Map(kept.servers).set(key, link) };
}

/** Forgets a server that no longer runs. */
export function applyUnlink(live: LiveHost, key: string): LiveHost {
  if (!live.servers.has(key)) return live;
  const servers = new Map(live.servers);
  servers.delete(key);
  return { ...withoutWordsOf(live, key), servers };
}

function withoutWordsOf(live: LiveHost, key: string): LiveHost {
  const sessions = new Map([...live.sessions].filter(([, { server }]) => server !== key));
  const requests = new Map([...live.requests].filter(([, { server }]) => server !== key));
  return { ...live, sessions, requests };
}
