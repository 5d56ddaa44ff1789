import { isLiteral, matchesHostLine } from './host-patterns.ts';
import { type MatchCriterion, parseMatchLine } from './ssh-config-line.ts';

/** A `Host` or `Match` line and all that follows it. */
export interface ConfigBlock {
  /** The line, for messages. */
  readonly title: string;
  /** False if the block cannot apply to a host of that name. Criteria that only ssh can settle, such as `exec`, count as met. */
  mayApply(name: string): boolean;
}

export interface MatchBlock extends ConfigBlock {
  /** Names given literally by `originalhost`: a user types them. */
  readonly originalHosts: readonly string[];
  /** Names given literally by `host`: typed by a user, or the HostName of another alias. */
  readonly hosts: readonly string[];
  readonly criteria: readonly MatchCriterion[];
}

export function parseHostBlock(words: readonly string[]): ConfigBlock {
  return { title: `Host ${words.join(' ')}`, mayApply: (name) => matchesHostLine(name, words) };
}

/** Reads the value of a `Match` line. `username` is who runs ssh. */
export function parseMatchBlock(rest: string, username: string): MatchBlock {
  const criteria = parseMatchLine(rest);
  const of = (wanted: string) => criteria.filter(({ name }) => name === wanted);
  const [original, host] = [of('originalhost'), of('host')];
  const isUser = of('localuser').every((criterion) => isMet(criterion, username));
  const isOriginal = (name: string) => original.every((criterion) => isMet(criterion, name.toLowerCase()));
  const mayApply = (name: string) => isUser && isOriginal(name);
  return {
    title: `Match ${rest}`,
    criteria,
    mayApply,
    originalHosts: literals(original).filter(mayApply),
    // What the user types is also the host's name, unless HostName says otherwise.
    hosts: literals(host).filter(
      (name) => mayApply(name) && host.every((criterion) => isMet(criterion, name.toLowerCase())),
    ),
  };
}

/** Patterns of `Match` are lists with commas; case does not count for names of hosts (match_hostname() in OpenSSH's match.c). */
function isMet({ negated, value }: MatchCriterion, name: string): boolean {
  return matchesHostLine(name, value.toLowerCase().split(',')) !== negated;
}

function literals(criteria: readonly MatchCriterion[]): string[] {
  return criteria.filter(({ negated }) => !negated).flatMap(({ value }) => value.split(',').filter(isLiteral));
}
