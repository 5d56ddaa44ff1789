import type { Random } from '../random.ts';
import type { DemoTodo } from './session.ts';

const ASKS = [
  (title: string) => `${title}. Start with the tests, then change as little as you can.`,
  (title: string) =>
    `Please look into this: ${lowerFirst(title)}. Tell me what you find before you change anything big.`,
  (title: string) => `${title}, please. Keep the public API as it is.`,
  (title: string) => `Task: ${title}. Run the checks when you are done.`,
];
const BEGINNINGS = [
  'I read the code around it first, to see who calls it.',
  'Let me find where this happens.',
  'I will begin with a failing test.',
  'Two places do this. I look at both before I change one.',
];
const MIDDLES = [
  'The cause is in one place: the state is kept after the first attempt.',
  'The existing helper does most of it, so I reuse that.',
  'One caller depends on the old order. I keep it for that caller.',
  'The test fails as expected. Now the fix.',
];
const ENDINGS = [
  'Done. The tests pass, and no other caller changes its behaviour.',
  'This works now. I left one note about a case that cannot happen today.',
  'Finished: the change is small, and the checks are green.',
  'Done. Say if I should also update the docs.',
];
const STEPS = [
  'Read the callers',
  'Write a failing test',
  'Make the change',
  'Run the checks',
  'Update the docs',
  'Clean up',
];

/** Returns a prompt that leads to a session of this title. */
export function promptOf(title: string, random: Random): string {
  return random.pick(ASKS)(title);
}

export function beginningWords(random: Random): string {
  return random.pick(BEGINNINGS);
}

export function middleWords(random: Random): string {
  return random.pick(MIDDLES);
}

export function endingWords(random: Random): string {
  return random.pick(ENDINGS);
}

/** Returns the answer to a prompt that the user typed. */
export function answerTo(prompt: string): string {
  const words = prompt.replaceAll(/\s+/g, ' ').trim();
  const short = words.length > 60 ? `${words.slice(0, 57)}...` : words;
  return `You asked: "${short}". This is a simulated session, so I only pretend to work on it.`;
}

/** @param done how many of the steps are finished; the next one is in progress */
export function makeTodos(count: number, done: number): DemoTodo[] {
  return STEPS.slice(0, count).map((content, at) => ({
    content,
    status: at < done ? 'completed' : at === done ? 'in_progress' : 'pending',
    priority: 'medium',
  }));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
