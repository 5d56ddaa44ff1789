import type { Params } from './param.ts';

/** The heading of the help below which a verb stands. */
export type VerbGroup = 'fleet' | 'sessions' | 'requests' | 'proven turns';

/** A verb as the help, the command line and the tools of agents list it. Light: `loadVerb` loads its code. */
export interface VerbSpec<P extends Params = Params> {
  /** One or two words. */
  readonly name: string;
  readonly group: VerbGroup;
  readonly summary: string;
  readonly params: P;
  /** Command lines for the help. A test runs them, in a folder of a user whose target `dev` has the session "Fix the login". */
  readonly examples?: readonly string[];
  /** What it may do to a host. Tools that `destroy` ask for a confirmation. */
  readonly effect: 'reads' | 'changes' | 'destroys';
  /** True if it needs the state that servers report, such as requests. */
  readonly isLive?: boolean;
  /** True to wait for opencode's versions, which take seconds the first time. */
  readonly wantsVersions?: boolean;
  /** True if it hands out values as they come, one line of JSON each. */
  readonly isStream?: boolean;
  /** True if it needs a terminal, or this machine's files: no tool for agents. */
  readonly isLocalOnly?: boolean;
}

/** Gives a spec its type. */
export function describeVerb<const P extends Params>(spec: VerbSpec<P>): VerbSpec<P> {
  return spec;
}

/** True for a verb that lists hosts or sessions: it can do with the last known state, or with what came in time. */
export function isListing({ group, effect, isStream }: VerbSpec): boolean {
  return group === 'fleet' && effect === 'reads' && isStream !== true;
}

/** True if a verb may ask for a server where none runs. */
export function mayNeedServer({ group }: VerbSpec): boolean {
  return group !== 'fleet';
}
