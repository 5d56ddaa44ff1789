/** The hosts of the fleet, as data: what each one has, and what a user should see there. */

/** Programs that decide which rung of the probe's ladder a host can answer on. */
export type ProbeTool = 'sqlite3' | 'python3' | 'opencode' | 'old-opencode';

/** `open`: log in by key. `password`: only passwords. `silent`: TCP without a word. `refused`: nothing listens. */
export type HostAccess = 'open' | 'password' | 'silent' | 'refused';

/** The host's entry in the fleet's known_hosts: its key, another key, or none. */
export type HostTrust = 'known' | 'changed' | 'unknown';

export type HostPlan = {
  readonly access: HostAccess;
  readonly trust: HostTrust;
  /** Programs in PATH besides the basic ones. */
  readonly tools: readonly ProbeTool[];
  /** opencode lies in `$HOME/.opencode/bin`, outside PATH. */
  readonly opencodeInHome: boolean;
  /** Milliseconds added to each direction of the connection. */
  readonly delayMs: number;
  /** One line for the table that `npm run fleet` prints. */
  readonly shows: string;
};

function host(shows: string, plan: Partial<HostPlan> = {}): HostPlan {
  return { access: 'open', trust: 'known', tools: [], opencodeInHome: false, delayMs: 0, shows, ...plan };
}

export const hostPlans = {
  alpha: host('healthy, sqlite3; hostile titles; when live, a server with a working session', {
    tools: ['sqlite3', 'python3', 'opencode'],
  }),
  beta: host('healthy, python3 but no sqlite3', { tools: ['python3', 'opencode'] }),
  gamma: host('neither sqlite3 nor python3: `opencode db`', { tools: ['opencode'] }),
  delta: host('an opencode that refuses `db`: `opencode session list` is all there is', { tools: ['old-opencode'] }),
  homebin: host('opencode only in ~/.opencode/bin, sqlite3', { tools: ['sqlite3'], opencodeInHome: true }),
  bare: host('no opencode at all'),
  big: host('500 sessions in one project, sqlite3', { tools: ['sqlite3', 'opencode'] }),
  slow: host('healthy, sqlite3, 150 ms away each way', { tools: ['sqlite3', 'opencode'], delayMs: 150 }),
  refused: host('nothing listens', { access: 'refused' }),
  silent: host('accepts the connection and never speaks', { access: 'silent' }),
  password: host('only passwords, so no key gets in', { access: 'password' }),
  changed: host('known_hosts has another key', { trust: 'changed' }),
  unknown: host('known_hosts has no key', { trust: 'unknown' }),
} as const satisfies Record<string, HostPlan>;

export type HostAlias = keyof typeof hostPlans;

/** Every alias, in the order in which they are shown and get their addresses. */
export const hostAliases = Object.keys(hostPlans) as readonly HostAlias[];

/** Hosts that run a real sshd. */
export function hasSshd(alias: HostAlias): boolean {
  const { access }: HostPlan = hostPlans[alias];
  return access === 'open' || access === 'password';
}

/** The address of a host in the fleet's own 127.0.NET.0/24; `backstage` is where the sshd behind a delay proxy listens. */
export function hostAddress(net: number, alias: HostAlias, backstage = false): string {
  return `127.0.${net}.${(backstage ? 110 : 10) + hostAliases.indexOf(alias)}`;
}
