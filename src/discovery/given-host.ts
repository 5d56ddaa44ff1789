import * as z from 'zod';
import { parseProxyJump } from '../domain/jump.ts';
import { printable } from '../domain/printable.ts';
import { isHostName } from './host-patterns.ts';

/** A host that a command of `discovery.commands` printed. */
export interface GivenHost {
  readonly alias: string;
  readonly label: string | null;
  readonly group: string | null;
  /** Settings for `ssh -o`, such as `Port=2222`. They count only if the ssh config does not list the alias. */
  readonly settings: readonly string[];
}

export interface GivenHosts {
  readonly hosts: readonly GivenHost[];
  /** Entries that were left out, and why, safe to paint. */
  readonly problems: readonly string[];
}

const MAX_PORT = 65_535;
/** Problems of one command that are named; the others are counted. */
const MAX_PROBLEMS = 3;
const MAX_SHOWN = 60;

const name = z.string().refine((text) => isHostName(text) && !/\p{C}/u.test(text), {
  error: 'is no name that ssh accepts',
});
const plain = z.string().regex(/^[^\p{C}]+$/u, { error: 'holds control characters, or nothing' });
/** Text for the screen. */
const shown = plain.max(100).transform(printable).pipe(z.string().min(1));
const missing = <Schema extends z.ZodType>(schema: Schema) => schema.nullish();

const entry = z.preprocess(
  (given) => (typeof given === 'string' ? { alias: given } : given),
  z
    .object({
      alias: missing(name),
      name: missing(name),
      hostname: missing(name),
      // A percent sign is a token to some releases of ssh.
      user: missing(name.refine((text) => !text.includes('%'), { error: 'is no name that ssh accepts' })),
      port: missing(z.coerce.number().int().min(1).max(MAX_PORT)),
      group: missing(shown),
      label: missing(shown),
      identity_file: missing(plain.refine((text) => !/["\\]/.test(text), { error: 'holds a quote or a backslash' })),
      proxy_jump: missing(plain.refine((text) => isJump(text), { error: 'is no ProxyJump that ssh accepts' })),
    })
    .transform((given, context): GivenHost => {
      const alias = given.alias ?? given.name ?? null;
      if (alias !== null) {
        return { alias, label: given.label ?? null, group: given.group ?? null, settings: settingsOf(given) };
      }
      context.addIssue({ code: 'custom', message: 'has neither alias nor name' });
      return z.NEVER;
    }),
);

/**
 * Parses what a command printed: a JSON array of names and of objects with `alias` (or `name`), `hostname`, `user`, `port`, `group`, `label`, `identity_file` and
 * `proxy_jump`; other fields are ignored. Of entries with the same alias the first counts. Returns `null` if it is no JSON array.
 */
export function parseGivenHosts(text: string): GivenHosts | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  const hosts = new Map<string, GivenHost>();
  const problems: string[] = [];
  for (const given of list) {
    const result = entry.safeParse(given);
    if (!result.success) problems.push(explain(given, result.error));
    else if (!hosts.has(result.data.alias)) hosts.set(result.data.alias, result.data);
  }
  const more = problems.length - MAX_PROBLEMS;
  const named = problems.slice(0, MAX_PROBLEMS);
  return { hosts: [...hosts.values()], problems: more > 0 ? [...named, `and ${more} more entries left out`] : named };
}

interface Settings {
  readonly hostname?: string | null | undefined;
  readonly user?: string | null | undefined;
  readonly port?: number | null | undefined;
  readonly identity_file?: string | null | undefined;
  readonly proxy_jump?: string | null | undefined;
}

function settingsOf({ hostname, user, port, identity_file: identityFile, proxy_jump: proxyJump }: Settings): string[] {
  return [
    // `%` starts a token, and stands in IPv6 addresses with a zone.
    ...(hostname ? [`HostName=${hostname.replaceAll('%', '%%')}`] : []),
    ...(user ? [`User=${user}`] : []),
    ...(port ? [`Port=${port}`] : []),
    ...(identityFile ? [`IdentityFile="${identityFile}"`] : []),
    ...(proxyJump ? [`ProxyJump=${proxyJump}`] : []),
  ];
}

function isJump(text: string): boolean {
  const hops = parseProxyJump(text);
  return hops?.every(({ host, user }) => isHostName(host) && (user === null || isHostName(user))) === true;
}

function explain(given: unknown, error: z.ZodError): string {
  const start = printable(JSON.stringify(given)).slice(0, MAX_SHOWN);
  const [issue] = error.issues;
  const field = issue?.path.join('.');
  return `${start} is left out: ${field ? `${field} ` : ''}${issue?.message}`;
}
