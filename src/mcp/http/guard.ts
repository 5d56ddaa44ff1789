import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is not let in. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/**
 * Judges a request by its headers, `null` to let it in. A page in the user's browser can reach 127.0.0.1, under a name of its own too: the Host and Origin
 * headers, which it cannot choose, give it away.
 */
export function judgeRequest(
  { host, origin, authorization }: IncomingHttpHeaders,
  port: number,
  token: string,
): Refusal | null {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !names.includes(host.toLowerCase())) {
    return { status: 403, message: `the Host header must be ${names.join(' or ')}` };
  }
  if (origin !== undefined && !names.some((name) => origin.toLowerCase() === `http://${name}`)) {
    return { status: 403, message: 'requests of other pages are refused' };
  }
  if (isToken(authorization, token)) return null;
  return { status: 401, message: 'the request needs Authorization: Bearer TOKEN' };
}

/** Takes the same time wherever the given token differs. */
function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
