import { hostname as localHostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshOptions } from '../domain/host.ts';

/**
 * Parses what `ssh -G ALIAS` prints: one `keyword value` a line, keywords in lower case, list values joined by blanks. `~` and the
 * tokens of ssh_config(5) are expanded in paths, which ssh leaves to the time of use. Returns `null` when it is not such an output.
 */
export function parseSshOptions(output: string, alias: string): SshOptions | null {
  const values = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const at = line.indexOf(' ');
    if (at < 0) continue;
    const keyword = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    values.set(keyword, [...(values.get(keyword) ?? []), value]);
  }
  const first = (keyword: string): string | null => {
    const value = values.get(keyword)?.[0];
    return value === undefined || value === '' || value === 'none' ? null : value;
  };
  const hostname = first('hostname');
  const user = first('user');
  const port = Number(first('port'));
  if (hostname === null || user === null || !Number.isInteger(port) || port < 1) return null;
  const path = (text: string) => expandPath(text, { alias, hostname, port, user });
  const seconds = (keyword: string) => Number(first(keyword) ?? 0) * 1000;
  return {
    hostname,
    port,
    user,
    identityFiles: (values.get('identityfile') ?? []).filter((file) => file !== 'none').map(path),
    identitiesOnly: first('identitiesonly') === 'yes',
    identityAgent: parseIdentityAgent(values.get('identityagent')?.[0], path),
    userKnownHostsFiles: splitPaths(first('userknownhostsfile')).map(path),
    globalKnownHostsFiles: splitPaths(first('globalknownhostsfile')).map(path),
    hostKeyAlias: first('hostkeyalias'),
    proxyJump: first('proxyjump'),
    proxyCommand: first('proxycommand'),
    connectTimeout: seconds('connecttimeout') || null,
    serverAliveInterval: seconds('serveraliveinterval'),
    serverAliveCountMax: Number(first('serveralivecountmax') ?? 3),
  };
}

function splitPaths(text: string | null): string[] {
  return text === null ? [] : text.split(/\s+/).filter((path) => path !== '' && path !== 'none');
}

function parseIdentityAgent(text: string | undefined, path: (text: string) => string): string | null | undefined {
  if (text === undefined || text === 'SSH_AUTH_SOCK') return undefined;
  if (text === 'none') return null;
  return text.startsWith('$') ? (process.env[text.replace(/^\$\{?|\}?$/g, '')] ?? null) : path(text);
}

interface TokenValues {
  readonly alias: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
}

/** `~` and the percent tokens that ssh_config(5) allows in paths. An unknown token stays as it is. */
function expandPath(text: string, host: TokenValues): string {
  const me = userInfo();
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: me.homedir,
    h: host.hostname,
    i: String(me.uid),
    k: host.alias,
    L: localHostname().split('.')[0] ?? '',
    l: localHostname(),
    n: host.alias,
    p: String(host.port),
    r: host.user,
    u: me.username,
  };
  const expanded = text.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
  return expanded.startsWith('~/') ? join(me.homedir, expanded.slice(2)) : expanded;
}
