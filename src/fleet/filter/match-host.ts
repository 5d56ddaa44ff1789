import type { HostEntry } from '../../domain/fleet.ts';
import { isLive } from '../../domain/live.ts';
import type { Flag } from './fields.ts';
import type { Filter, FilterTerm, FilterTest } from './filter.ts';
import { namesOfHost, textOfHost } from './session-text.ts';
import { fitsPattern } from './text-pattern.ts';

/**
 * Tells if a host fits the terms of a filter, whatever its sessions: `false` if a term rules it out with all its sessions, `true` if all terms hold
 * for the host itself, `null` if a term concerns its sessions. The plain words are left to the fuzzy search.
 */
export function matchesHost(filter: Filter, entry: HostEntry): boolean | null {
  let verdict: boolean | null = true;
  for (const term of filter.terms) {
    const holds = holdsForHost(term, entry);
    if (holds === false) return false;
    if (holds === null) verdict = null;
  }
  return verdict;
}

function holdsForHost({ test, inverse }: FilterTerm, entry: HostEntry): boolean | null {
  const fits = testHost(test, entry);
  return fits === null ? null : fits !== inverse;
}

/** Tells if a host passes a test; `null` if that depends on the session. */
export function testHost(test: FilterTest, entry: HostEntry): boolean | null {
  switch (test.kind) {
    case 'text':
      return textOfHost(entry.host).includes(test.text) || null;
    case 'name':
      if (test.field === 'host') return fitsPattern(namesOfHost(entry.host), test.patterns);
      return test.field === 'group' ? fitsPattern([entry.host.group], test.patterns) : null;
    case 'is':
      return testFlags(test.flags, entry);
    default:
      return null;
  }
}

function testFlags(flags: readonly Flag[], entry: HostEntry): boolean | null {
  if (flags.some((flag) => hasFlag(entry, flag) === true)) return true;
  return flags.every((flag) => hasFlag(entry, flag) === false) ? false : null;
}

/** Tells if a host is followed live or read now and then; `null` for flags of sessions. */
function hasFlag(entry: HostEntry, flag: Flag): boolean | null {
  if (flag === 'live') return isLive(entry.live);
  return flag === 'polled' ? entry.fresh && entry.failure === null && !isLive(entry.live) : null;
}
