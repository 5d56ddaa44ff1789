import type { Random } from '../random.ts';
import type { ProjectSeed } from '../seeds/seed.ts';
import type { DemoChange } from './session.ts';

/** One call of a tool, as a turn makes it. */
export interface ToolCall {
  readonly tool: 'read' | 'grep' | 'edit' | 'bash';
  readonly input: Readonly<Record<string, string>>;
  readonly title: string;
  readonly output: string;
  /** The change that an edit makes. */
  readonly change: DemoChange | null;
}

/** The part of a project that its tools work on. */
export type Workplace = Pick<ProjectSeed, 'files' | 'commands'>;

export function readCall(place: Workplace, random: Random): ToolCall {
  const file = random.pick(place.files);
  const output = `1: // ${file}\n2:\n3: (${random.between(40, 400)} lines)`;
  return { tool: 'read', input: { filePath: file }, title: file, output, change: null };
}

export function grepCall(title: string, random: Random): ToolCall {
  const pattern = title.split(' ').find((word) => word.length > 4) ?? title;
  const output = `Found ${random.between(2, 40)} matches`;
  return { tool: 'grep', input: { pattern }, title: pattern, output, change: null };
}

export function editCall(place: Workplace, random: Random, file = random.pick(place.files)): ToolCall {
  const change = makeChange(file, random);
  return { tool: 'edit', input: { filePath: file }, title: file, output: 'Edit applied', change };
}

export function bashCall(place: Workplace, random: Random, command = random.pick(place.commands)): ToolCall {
  const output = `$ ${command}\n${random.between(12, 240)} passed (${random.between(2, 40)}.${random.between(0, 9)}s)`;
  return { tool: 'bash', input: { command }, title: command, output, change: null };
}

/** Returns a plausible patch of a file. */
export function makeChange(file: string, random: Random): DemoChange {
  const removed = Array.from({ length: random.between(1, 4) }, () => `-  ${random.pick(REMOVED)}`);
  const added = Array.from({ length: random.between(2, 9) }, () => `+  ${random.pick(ADDED)}`);
  const from = random.between(8, 180);
  const head = `@@ -${from},${removed.length + 2} +${from},${added.length + 2} @@`;
  const patch = [`--- a/${file}`, `+++ b/${file}`, head, '   {', ...removed, ...added, '   }'].join('\n');
  return { file, patch, additions: added.length, deletions: removed.length };
}

const REMOVED = ['return legacy(input)', 'retries: 0,', 'if (!found) return null', 'timeout: 30_000,', 'log(error)'];
const ADDED = [
  'const attempt = state.attempt + 1',
  'return { ...state, attempt }',
  'if (attempt > limit) throw new GaveUp(attempt)',
  'await pause(backOff(attempt), signal)',
  'timeout: settings.timeout,',
  'report(error, { attempt })',
  'expect(found).toHaveLength(1)',
];
