import { createHmac } from 'node:crypto';

/** The known_hosts entry of one address; `publicKey` is `ssh-ed25519 AAAA...` (a comment after it is dropped). */
export type KnownHost = { readonly address: string; readonly port: number; readonly publicKey: string };

/** A line that names its host: `[127.0.1.10]:2222 ssh-ed25519 AAAA...`. */
export function formatKnownHost(host: KnownHost): string {
  return `${hostName(host)} ${keyOf(host)}`;
}

/**
 * A line as `ssh-keygen -H` writes it, `|1|SALT|HMAC-SHA1(SALT, NAME)`, which Debian's ssh does by default.
 * @param salt 20 bytes
 */
export function formatHashedKnownHost(host: KnownHost, salt: Uint8Array): string {
  const hash = createHmac('sha1', salt).update(hostName(host)).digest('base64');
  return `|1|${Buffer.from(salt).toString('base64')}|${hash} ${keyOf(host)}`;
}

function hostName({ address, port }: KnownHost): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

function keyOf({ publicKey }: KnownHost): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ');
}
