import type { Random } from '../random.ts';
import type { SessionSeed } from '../seeds/seed.ts';
import type { DemoOpencode, DemoProject, Kept } from './opencode.ts';
import type { DemoSession } from './session.ts';
import { bashCall, editCall, grepCall, readCall, type ToolCall } from './tools.ts';
import { beginningWords, endingWords, makeTodos, middleWords, promptOf } from './words.ts';
import { addAnswer, addCall, addChange, addPrompt, addText, finishCall } from './write-messages.ts';

/** Milliseconds between two parts of a turn that is over. */
const PART_MS = 20_000;
const STEPS_OF_TURN = 8;

/** States in which the last turn is not over. */
const OPEN: ReadonlySet<SessionSeed['state']['kind']> = new Set([
  ...(['cut', 'working', 'stalled', 'retrying', 'bash', 'edit', 'question'] as const),
]);

/** Adds a session with its past and its subagents' sessions. */
export function buildSession(
  opencode: DemoOpencode,
  project: DemoProject,
  seed: SessionSeed,
  random: Random,
  parent: Kept | null = null,
): Kept {
  const updated = opencode.now() - seed.age;
  const turns = seed.age > 3_600_000 ? random.between(1, 4) : 1;
  const created = updated - turns * (PART_MS * STEPS_OF_TURN + random.between(60_000, 900_000));
  const kept: Kept = {
    session: newSession(opencode, project, seed, { created, updated, parent, random }),
    ...{ project: project.seed, messages: [], todos: [], changes: [], status: null },
  };
  opencode.kept.set(kept.session.id, kept);
  const isOpen = OPEN.has(seed.state.kind);
  for (let turn = 0; turn < turns; turn += 1) {
    const isLast = turn === turns - 1;
    const end = updated - Math.floor(((updated - created) / turns) * (turns - 1 - turn));
    writeTurn(opencode, kept, random, { end, isOpen: isLast && isOpen, isFirst: turn === 0 });
  }
  if (seed.state.kind === 'failed') {
    const last = kept.messages.at(-1)?.info;
    if (last !== undefined) last.error = { name: 'APIError', data: { message: seed.state.message } };
  }
  if (isOpen || random.next() < 0.3) kept.todos = makeTodos(random.between(3, 6), isOpen ? random.between(1, 2) : 6);
  for (const subagent of seed.subagents) buildSession(opencode, project, subagent, random, kept);
  return kept;
}

function newSession(
  opencode: DemoOpencode,
  project: DemoProject,
  seed: SessionSeed,
  at: { created: number; updated: number; parent: Kept | null; random: Random },
): DemoSession {
  const [providerID = '', ...name] = project.seed.model.split('/');
  const output = Math.round(seed.cost * 9000);
  return {
    id: opencode.ids.make('ses', at.created),
    parentID: at.parent?.session.id ?? null,
    projectID: project.id,
    directory: project.worktree,
    ...{ title: seed.title, agent: seed.agent, cost: seed.cost },
    model: { id: name.join('/'), providerID },
    tokens: {
      ...{ input: Math.round(seed.cost * 21_000), output, reasoning: Math.round(output / 4) },
      cache: { read: Math.round(seed.cost * 260_000), write: Math.round(seed.cost * 30_000) },
    },
    summary: { additions: 0, deletions: 0, files: 0 },
    time: {
      ...{ created: at.created, updated: at.updated },
      ...(seed.state.kind === 'archived' ? { archived: at.updated + 60_000 } : {}),
    },
  };
}

interface TurnTimes {
  /** Epoch milliseconds of its last part. */
  readonly end: number;
  readonly isOpen: boolean;
  readonly isFirst: boolean;
}

function writeTurn(opencode: DemoOpencode, kept: Kept, random: Random, { end, isOpen, isFirst }: TurnTimes): void {
  const { title, agent } = kept.session;
  const start = end - PART_MS * STEPS_OF_TURN;
  const prompt = isFirst ? promptOf(title, random) : 'Go on, and check the edge cases too.';
  addPrompt(opencode, kept, prompt, start);
  const answer = addAnswer(opencode, kept, start + 1000);
  addText(opencode, answer, beginningWords(random), start + 2000);
  const calls = callsOf(title, agent, kept, random);
  calls.forEach((call, at) => {
    const when = start + PART_MS * (at + 1);
    finishCall(addCall(opencode, answer, call, when), call, when + 900);
    addChange(kept, call.change);
    if (at === 1) addText(opencode, answer, middleWords(random), when + 1000);
  });
  if (isOpen) return;
  addText(opencode, answer, endingWords(random), end - 500);
  answer.info.time.completed = end;
}

/** A plan changes nothing. */
function callsOf(title: string, agent: string, kept: Kept, random: Random): ToolCall[] {
  const looks = [readCall(kept.project, random), grepCall(title, random)];
  if (agent !== 'build') return looks;
  const edits = Array.from({ length: random.between(1, 4) }, () => editCall(kept.project, random));
  return [...looks, ...edits, bashCall(kept.project, random)];
}
