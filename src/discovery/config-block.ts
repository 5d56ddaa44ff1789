import { isLiteral, matchesHostLine } from './host-patterns.ts';
import { type MatchCriterion, parseMatchLine } from './ssh-config-line.ts';

/** A `Host` or `Match` line and the lines below it. */
export interface ConfigBlock {
  /** The line itself, for messages. */
  readonly title: string;
  /** False if the block cannot apply to a host of that name. Criteria that only ssh can settle, such as `exec`, count as met. */
  mayApply(name: string): boolean;
}

export interface MatchBlock extends ConfigBlock {
  /** Literal names of `originalhost`, which users type. */
  readonly originalHosts: readonly string[];
  /** Literal names of `host`: typed by a user, or the HostName of another alias. */
  readonly hosts: readonly string[];
  readonly criteria: readonly MatchCriterion[];
}

export function parseHostBlock(words: readonly string[]): ConfigBlock {
  return { title: `Host ${words.join(' ')}`, mayApply: (name) => matchesHostLine(name, words) };
}

/** Parses the value of a `Match` line. `username` is the user who runs ssh. */
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
    // The typed name is also the host's name, unless HostName says otherwise.
    hosts: literals(host).filter(
      (name) => mayApply(name) && host.every((criterion) => isMet(criterion, name.toLowerCase())),
    ),
  };
}

/** Matches a comma-separated pattern list of `Match`, ignoring case as for all host names (match_hostname() in OpenSSH's match.c). */
function isMet({ negated, value }: MatchCriterion, name: string): boolean {
  return matchesHostLine(name, value.toLowerCase().split(',')) !== negated;
}

function literals(criteria: readonly MatchCriterion[]): string[] {
  return criteria.filter(({ negated }) => !negated).flatMap(({ value }) => value.split(',').filter(isLiteral));
}
