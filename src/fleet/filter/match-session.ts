import type { HostEntry } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';
import type { AttentionInputs } from '../select-attention.ts';
import type { AmountField, Flag, NameField, Part } from './fields.ts';
import type { Bound, Filter, FilterTest } from './filter.ts';
import { foldText } from './fold.ts';
import { holdsWords } from './fuzzy.ts';
import { testHost } from './match-host.ts';
import { textOfHost, textOfSession } from './session-text.ts';
import { ageOfState, isPutOff, pendingRequests, stateOf } from './state-of.ts';
import { fitsPattern } from './text-pattern.ts';

interface Subject {
  readonly entry: HostEntry;
  readonly session: Session;
  readonly inputs: AttentionInputs;
  readonly now: number;
}

/**
 * True if all terms of a filter hold for a session at a time (epoch milliseconds, this machine's clock). The plain words are left to `matchesWords`.
 */
export function matchesSession(
  filter: Filter,
  entry: HostEntry,
  session: Session,
  inputs: AttentionInputs,
  now: number,
): boolean {
  const subject = { entry, session, inputs, now };
  return filter.terms.every(({ test, inverse }) => testSession(test, subject) !== inverse);
}

/** True if a session has all plain words of a filter, as they are or with a small mistake. */
export function matchesWords({ words }: Filter, { host }: HostEntry, session: Session): boolean {
  return words.length === 0 || holdsWords(textOfSession(session, textOfHost(host)), words);
}

function testSession(test: FilterTest, subject: Subject): boolean {
  const { entry, session, inputs, now } = subject;
  switch (test.kind) {
    case 'text':
      return testHost(test, entry) ?? holdsText(session, test.text);
    case 'name':
      return testHost(test, entry) ?? fitsPattern(textsOfField(test.field, session), test.patterns);
    case 'amount':
      return isWithin(amountOf(test.field, subject), test.bounds);
    case 'state':
      return test.states.has(stateOf(entry, session, inputs, now));
    case 'has':
      return test.parts.some((part) => hasPart(part, subject));
    case 'is':
      return testHost(test, entry) ?? test.flags.some((flag) => isFlagged(flag, subject));
  }
}

function holdsText({ title, id, project, directory }: Session, text: string): boolean {
  return [title, id, directory, project].some((one) => foldText(one).includes(text));
}

/** A path or model is found in full or by its last part. */
function textsOfField(field: NameField, { project, model, agent, title, id }: Session): readonly (string | null)[] {
  switch (field) {
    case 'project':
      return [project, lastPart(project)];
    case 'model':
      return [model, model === null ? null : lastPart(model)];
    case 'agent':
      return [agent];
    case 'title':
      return [title];
    case 'id':
      return [id];
    default:
      return [];
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function amountOf(field: AmountField, { entry, session, inputs, now }: Subject): number | null {
  if (field === 'age') return ageOfState(entry, session, inputs, now);
  if (field === 'cost') return session.cost;
  if (field === 'messages') return session.messages;
  const { tokens } = session;
  return tokens === null ? null : tokens.input + tokens.output + tokens.reasoning;
}

/** An unknown amount is within no bound. */
function isWithin(amount: number | null, bounds: readonly Bound[]): boolean {
  return amount !== null && bounds.some((bound) => isWithinBound(amount, bound));
}

function isWithinBound(amount: number, { operator, amount: bound }: Bound): boolean {
  switch (operator) {
    case '<':
      return amount < bound;
    case '<=':
      return amount <= bound;
    case '>':
      return amount > bound;
    case '>=':
      return amount >= bound;
    case '=':
      return amount === bound;
  }
}

function hasPart(part: Part, { entry, session }: Subject): boolean {
  switch (part) {
    case 'permission':
    case 'question':
      return pendingRequests(entry, session).some(({ request }) => request.kind === part);
    case 'error':
      return session.turn === 'failed';
    case 'changes':
      return [session.additions, session.deletions, session.files].some((count) => count !== null && count > 0);
    case 'cost':
      return session.cost !== null && session.cost > 0;
    case 'subagents':
      return parentIdsOf(entry.snapshot?.sessions ?? []).has(session.id);
    case 'todo':
      return (entry.live.sessions.get(session.id)?.todo?.total ?? 0) > 0;
  }
}

function isFlagged(flag: Flag, { entry, session, inputs, now }: Subject): boolean {
  if (flag === 'archived') return session.archived !== null;
  if (flag === 'subagent') return session.parentId !== null;
  return flag === 'snoozed' && isPutOff(entry, session, inputs, now);
}

const parentIds = new WeakMap<readonly Session[], ReadonlySet<string>>();

function parentIdsOf(sessions: readonly Session[]): ReadonlySet<string> {
  const known = parentIds.get(sessions) ?? new Set(sessions.flatMap(({ parentId }) => parentId ?? []));
  parentIds.set(sessions, known);
  return known;
}
