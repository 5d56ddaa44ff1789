import type { LiveHost } from './live.ts';
import { isFollowed, type ServerLink } from './server.ts';

/** How far it has come with a server. Of one that is neither live nor polled any more nothing is known but that. */
export function applyLink(live: LiveHost, key: string, link: ServerLink): LiveHost {
  const kept = isFollowed(link.state) ? live : withoutWordsOf(live, key);
  return { ...kept, servers: new Map(kept.servers).set(key, link) };
}

/** Forgets a server that does not run any more. */
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
