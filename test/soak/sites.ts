import type { LabHostPlan } from '../ssh-lab/plan.ts';

/**
 * The sshds, each of which is stopped and frozen by itself. Behind a hop, behind two, and hops that are hosts too; all with real sessions of a
 * real opencode.
 */
export const sitePlans = {
  'plain-1': { opencode: true },
  'plain-2': { opencode: true },
  'plain-3': { opencode: true },
  'plain-4': { opencode: true },
  'plain-5': { opencode: true },
  'plain-6': { opencode: true },
  'gate-1': { opencode: true },
  'gate-2': { opencode: true },
  'inner-1': { opencode: true, behind: 'gate-1' },
  'inner-2': { opencode: true, behind: 'gate-1' },
  'inner-3': { opencode: true, behind: 'gate-2' },
  'inner-4': { opencode: true, behind: 'gate-2' },
  'deep-1': { opencode: true, behind: 'inner-1' },
  'deep-2': { opencode: true, behind: 'inner-3' },
} as const satisfies Record<string, LabHostPlan>;

export type Site = keyof typeof sitePlans;
export const sites = Object.keys(sitePlans) as readonly Site[];

/** One name of the ssh config, and what must be up for it to answer. */
export interface Alias {
  readonly name: string;
  readonly kind: 'site' | 'system' | 'dead' | 'silent';
  /** First the host itself, then the hops before it; `null` for a host that never answers. */
  readonly way: readonly Site[] | null;
}

const DEAD = 2;
const SILENT = 3;
/** Through the system's ssh, a process each; the last is behind a hop. */
const BY_SYSTEM = ['plain-1', 'plain-2', 'plain-3', 'inner-1'] as const satisfies readonly Site[];

/** So many aliases over all sites: each site's own name first, then the odd ones, then more names of the sites in turn. */
export function planAliases(count: number): Alias[] {
  const numbered = (prefix: string, length: number) => Array.from({ length }, (_, index) => `${prefix}-${index + 1}`);
  const odd = [
    ...numbered('dead', DEAD).map((name): Alias => ({ name, kind: 'dead', way: null })),
    ...numbered('silent', SILENT).map((name): Alias => ({ name, kind: 'silent', way: null })),
    ...BY_SYSTEM.map((site): Alias => ({ name: `system-${site}`, kind: 'system', way: wayTo(site) })),
  ];
  const own = sites.map((site): Alias => ({ name: site, kind: 'site', way: wayTo(site) }));
  const more = Array.from({ length: Math.max(0, count - odd.length - own.length) }, (_, index): Alias => {
    const site = sites[index % sites.length] ?? 'plain-1';
    return { name: `${site}-alias-${Math.floor(index / sites.length) + 1}`, kind: 'site', way: wayTo(site) };
  });
  return [...own, ...odd, ...more];
}

function wayTo(site: Site): Site[] {
  const { behind }: LabHostPlan = sitePlans[site];
  const hop = sites.find((name) => name === behind);
  return hop === undefined ? [site] : [site, ...wayTo(hop)];
}

/** The parts of a running lab that the ssh config needs. */
export interface Addresses {
  /** The lab's own config: its names, port, user and known_hosts. */
  readonly include: string;
  readonly identity: string;
  readonly dead: string;
  readonly silent: string;
  addressOf(site: Site): string;
}

/** The ssh_config(5) of all aliases. */
export function formatSshConfig(aliases: readonly Alias[], lab: Addresses): string {
  const blocks = aliases.map(({ name, kind, way }) => {
    const [site, hop] = way ?? [];
    if (site === name) return '';
    const address = kind === 'dead' ? lab.dead : lab.silent;
    const lines = [
      `HostName ${site === undefined ? address : lab.addressOf(site)}`,
      `IdentityFile "${lab.identity}"`,
      ...(hop === undefined ? [] : [`ProxyJump ${hop}`]),
    ];
    return [`Host ${name}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
  });
  return `${blocks.join('')}Host *\n  Include "${lab.include}"\n`;
}

/** The program's own configuration. */
export function formatConfiguration(aliases: readonly Alias[], interval: string, timeout: string): string {
  const overrides = aliases
    .filter(({ kind }) => kind === 'system')
    .map(({ name }) => `    ${name}: {transport: openssh}\n`);
  return [
    `polling: {interval: ${interval}, timeout: ${timeout}}`,
    `hosts:\n  local: false\n  overrides:\n${overrides.join('')}`,
  ].join('\n');
}
