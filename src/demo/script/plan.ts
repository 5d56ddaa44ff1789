import type { Kept } from '../model/opencode.ts';
import { bashCall, editCall, grepCall, readCall, type ToolCall } from '../model/tools.ts';
import { answerTo, beginningWords, endingWords, middleWords } from '../model/words.ts';
import type { Random } from '../random.ts';

/** What a turn does next. */
export type Step =
  | { readonly kind: 'say'; readonly text: string }
  /** Calls a tool; `asks` if the user has to allow it. */
  | { readonly kind: 'call'; readonly call: ToolCall; readonly asks: boolean }
  | { readonly kind: 'question'; readonly question: string; readonly choices: readonly string[] }
  | { readonly kind: 'todo' }
  | { readonly kind: 'fail'; readonly message: string }
  | { readonly kind: 'end' };

/** Returns the rest of a turn that is under way. */
export function planWork(kept: Kept, random: Random): Step[] {
  const steps: Step[] = [];
  for (let round = random.between(8, 16); round > 0; round -= 1) {
    steps.push(...look(kept, random), { kind: 'say', text: middleWords(random) });
    if (kept.session.agent === 'build') steps.push(...change(kept, random));
    steps.push({ kind: 'todo' });
  }
  return [...steps, { kind: 'say', text: endingWords(random) }, { kind: 'end' }];
}

/** Returns a whole turn that the script starts by itself. */
export function planTurn(kept: Kept, random: Random): Step[] {
  return [{ kind: 'say', text: beginningWords(random) }, ...planWork(kept, random)];
}

/** Returns a short turn that answers the user's own prompt. */
export function planAnswer(kept: Kept, prompt: string, random: Random): Step[] {
  return [
    { kind: 'say', text: answerTo(prompt) },
    ...look(kept, random),
    ...(kept.session.agent === 'build' ? change(kept, random) : []),
    { kind: 'say', text: endingWords(random) },
    { kind: 'end' },
  ];
}

/** Returns a step at which the user is asked something. */
export function planAsk(kept: Kept, random: Random): Step {
  if (random.next() < 0.3) return { kind: 'question', ...random.pick(QUESTIONS) };
  const call = random.next() < 0.5 ? bashCall(kept.project, random) : editCall(kept.project, random);
  return { kind: 'call', call, asks: true };
}

function look(kept: Kept, random: Random): Step[] {
  const call = random.next() < 0.6 ? readCall(kept.project, random) : grepCall(kept.session.title, random);
  return [{ kind: 'call', call, asks: false }];
}

function change(kept: Kept, random: Random): Step[] {
  return [editCall(kept.project, random), bashCall(kept.project, random)].map((call) => ({
    ...{ kind: 'call', call, asks: false },
  }));
}

const QUESTIONS = [
  { question: 'The test and the docs disagree. Which one is right?', choices: ['The test', 'The docs', 'Neither'] },
  { question: 'Keep the old name as an alias?', choices: ['Yes, for one release', 'No'] },
  { question: 'How far should this go?', choices: ['Only this caller', 'All callers', 'All callers and the docs'] },
  { question: 'The dependency has a new major version. Update it now?', choices: ['Update it', 'Pin it', 'Leave it'] },
];
