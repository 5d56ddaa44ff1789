import type { DemoOpencode, Kept } from '../model/opencode.ts';
import type { ToolCall } from '../model/tools.ts';
import type { Step } from './plan.ts';

/** Asks the user to allow a call, as opencode asks. @param at since when, epoch milliseconds */
export function askPermission(opencode: DemoOpencode, kept: Kept, call: ToolCall, at: number): void {
  const { command, filePath } = call.input;
  const common = { id: opencode.ids.make('per', at), sessionID: kept.session.id, kind: 'permission' } as const;
  if (command !== undefined) {
    const always = [`${command.split(' ').slice(0, 2).join(' ')} *`];
    return opencode.ask({ ...common, permission: 'bash', patterns: [command], always, metadata: { command } });
  }
  const filepath = filePath ?? '';
  const metadata = { filepath, diff: call.change?.patch ?? '' };
  opencode.ask({ ...common, permission: 'edit', patterns: [filepath], always: ['*'], metadata });
}

export function askQuestion(
  opencode: DemoOpencode,
  kept: Kept,
  { question, choices }: Pick<Extract<Step, { kind: 'question' }>, 'question' | 'choices'>,
  at: number,
): void {
  const options = choices.map((label) => ({ label, description: '' }));
  opencode.ask({
    ...{ kind: 'question', id: opencode.ids.make('que', at), sessionID: kept.session.id },
    questions: [{ question, header: 'Decision', options }],
  });
}
