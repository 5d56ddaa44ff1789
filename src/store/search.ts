import uFuzzy from '@leeoniya/ufuzzy';
import type { Host } from '../domain/host.ts';
import type { Session } from '../domain/session.ts';
import type { HostFinds } from './state.ts';

/** Made at the first search: its expressions take as long as a third of a frame. */
let made: uFuzzy | undefined;

/** Finds a word with one letter wrong, missing, added or swapped; letters of every script. */
const OPTIONS: uFuzzy.Options = {
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraMode: 1,
  // A wrong first letter is as common as any other.
  intraSlice: [0, Number.POSITIVE_INFINITY],
  intraIns: 1,
  intraSub: 1,
  intraTrn: 1,
  intraDel: 1,
};

function fuzzy(): uFuzzy {
  made ??= new uFuzzy(OPTIONS);
  return made;
}

/** A query prepared for matching: words in lower case, each of which must be found, in any order. */
export function parseQuery(query: string): readonly string[] {
  return query
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** The text of each session that is searched in; made once for each reading of a host. */
const haystacks = new WeakMap<readonly Session[], { host: Host; texts: readonly string[] }>();

/** Searches one host: its names and address, and of its sessions title, id, project, directory and host. */
export function searchHost(host: Host, sessions: readonly Session[], words: readonly string[]): HostFinds {
  const hostText = textOfHost(host);
  const found = { host: filterTexts([hostText], words).length > 0, sessions: new Set<string>() };
  let best: HostFinds['best'] = null;
  const texts = textsOf(host, hostText, sessions);
  for (const index of filterTexts(texts, words)) {
    const session = sessions[index];
    if (session === undefined) continue;
    found.sessions.add(session.id);
    const score = scoreOf(session, words);
    if (best === null || score > best.score) best = { id: session.id, score };
  }
  return { ...found, best };
}

/** Returns where the words occur in a displayed text: `[start, end)` pairs in order, without overlaps. */
export function findRanges(text: string, words: readonly string[]): [number, number][] {
  const lower = text.toLowerCase();
  // If lower-casing changes the length, as for a Turkish dotted capital, or letters are decomposed, indices would not
  // match.
  if (lower.length !== text.length || lower !== lower.normalize('NFC')) return [];
  const ranges = words.flatMap((word) => rangesOfWord(lower, word));
  ranges.sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [start, end] of ranges) {
    const before = merged.at(-1);
    if (before !== undefined && start <= before[1]) before[1] = Math.max(before[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

function rangesOfWord(lower: string, word: string): [number, number][] {
  const at = lower.indexOf(word);
  if (at >= 0) return [[at, at + word.length]];
  const found = fuzzy().filter([lower], word);
  if (found === null || found.length === 0) return [];
  const flat = fuzzy().info(found, [lower], word).ranges[0] ?? [];
  const ranges: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) ranges.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return ranges;
}

/** Indices of the texts (in lower case) that hold every word, as it is or with a small mistake. */
function filterTexts(texts: readonly string[], words: readonly string[]): number[] {
  let indices: number[] | null = null;
  for (const word of words) {
    const candidates: number[] = indices ?? [...texts.keys()];
    indices = /[\p{L}\d]/u.test(word)
      ? (fuzzy().filter(texts as string[], word, candidates) ?? [])
      : candidates.filter((index) => texts[index]?.includes(word));
  }
  return indices ?? [];
}

function textsOf(host: Host, hostText: string, sessions: readonly Session[]): readonly string[] {
  const known = haystacks.get(sessions);
  if (known?.host === host) return known.texts;
  const texts = sessions.map(({ title, id, project, directory }) => {
    const paths = project === directory ? directory : `${project} ${directory}`;
    return `${title} ${id} ${paths} ${hostText}`.normalize('NFC').toLowerCase();
  });
  haystacks.set(sessions, { host, texts });
  return texts;
}

function textOfHost(host: Host): string {
  const names = [host.alias];
  if (host.label !== host.alias) names.push(host.label);
  if (host.route.kind === 'ssh' && host.route.options.hostname !== host.alias) names.push(host.route.options.hostname);
  return names.join(' ').toLowerCase();
}

/** Words that stand in the title as they were typed count most, then those in the id. */
function scoreOf(session: Session, words: readonly string[]): number {
  const title = session.title.toLowerCase();
  let score = 0;
  for (const word of words) score += title.includes(word) ? 2 : session.id.toLowerCase().includes(word) ? 1 : 0;
  return score;
}
