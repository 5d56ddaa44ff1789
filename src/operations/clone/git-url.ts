import { printable } from '../../domain/printable.ts';

/** Allowed protocols of a repository. git supports more, some of which run a program named by the URL. */
const SCHEMES: readonly string[] = ['https', 'http', 'ssh', 'git', 'file'];
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/]*)(.*)$/;
/** `NAME::`, where NAME is a program of git (gitremote-helpers(7)). */
const HELPER = /^[A-Za-z0-9+.-]*::/;
const SCP_LIKE = /^(?:([^@:/]*)@)?(\[[^\]]*\]|[^:/@[\]]+):(.*)$/;
const AUTHORITY = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:@[\]]*)(?::([0-9]+))?$/;
const USER = /^[A-Za-z0-9._~%+-]+$/;
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[\p{L}\p{N}._-]+)$/u;

const DASH = 'begins with a dash, which a program could take for an option';

/** Returns what is wrong with a typed repository URL; `null` if nothing is. */
export function gitUrlFault(url: string): string | null {
  if (url === '') return 'the URL is missing';
  if (/\s/.test(url)) return 'a URL cannot contain spaces or line breaks';
  if (printable(url) !== url) return 'a URL cannot contain control or invisible characters';
  if (url.startsWith('-')) return `the URL ${DASH}`;
  const [helper] = HELPER.exec(url) ?? [];
  if (helper !== undefined) return `${helper} would make git run a program there: not allowed`;
  const [, scheme, authority = '', path = ''] = SCHEME.exec(url) ?? [];
  if (scheme !== undefined) return schemeFault(scheme, authority, path);
  const [, user, host, place = ''] = SCP_LIKE.exec(url) ?? [];
  if (host !== undefined) return scpFault(user, host, place);
  if (url.startsWith('/')) return 'for a folder of that machine write file:// before its path';
  return 'write https://HOST/PATH, ssh://USER@HOST/PATH or USER@HOST:PATH';
}

/** Returns the folder name that git would choose; `null` if the URL has none. */
export function repositoryName(url: string): string | null {
  const [, , , schemePath] = SCHEME.exec(url) ?? [];
  const [, , , scpPath] = SCP_LIKE.exec(url) ?? [];
  const path = (schemePath ?? scpPath ?? '').replace(/\/+$/, '').replace(/\/?\.git$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name === '' || name === '.' || name === '..' ? null : name;
}

function schemeFault(scheme: string, authority: string, path: string): string | null {
  if (!SCHEMES.includes(scheme)) return `${scheme}:// is not one of ${SCHEMES.join(', ')}`;
  if (scheme === 'file') {
    return authority === '' && path.length > 1 ? null : 'write file:///PATH, with the whole path of the folder there';
  }
  const [, user, host = '', port] = AUTHORITY.exec(authority) ?? [];
  if (user?.includes(':')) {
    return 'a password in the URL could be read by every user of that machine: leave it to a credential helper there';
  }
  const fault = namesFault(user, host);
  if (fault !== null) return fault;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return `${port} is not a port`;
  return path.length > 1 ? null : 'the path of the repository is missing';
}

function scpFault(user: string | undefined, host: string, path: string): string | null {
  const fault = namesFault(user, host);
  if (fault !== null) return fault;
  if (path.startsWith(':')) return `${host}:: would make git run a program there: not allowed`;
  if (path.startsWith('-')) return `the path ${DASH}`;
  return path === '' ? 'the path of the repository is missing' : null;
}

function namesFault(user: string | undefined, host: string): string | null {
  if (user !== undefined) {
    if (decoded(user).startsWith('-')) return `the user name ${DASH}`;
    if (!USER.test(user)) return 'the user name in the URL is not understood';
  }
  if (host.startsWith('-')) return `the host ${DASH}`;
  return HOST.test(host) ? null : 'the host in the URL is not understood';
}

/** Decoded as git does. */
function decoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
