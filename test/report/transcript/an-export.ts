import { buildTranscript } from '../../../src/report/transcript/build-transcript.ts';
import type { TranscriptReport, TranscriptTurn } from '../../../src/report/transcript/transcript-report.ts';

export interface AMessage {
  readonly info: Readonly<Record<string, unknown>>;
  readonly parts: readonly unknown[];
}

export const text = (words: string, extra: object = {}) => ({ type: 'text', text: words, ...extra });
export const tool = (state: object, name = 'bash') => ({ type: 'tool', callID: 'call_1', tool: name, state });

/** Builds a user's message, at 1 s. */
export function user(id: string, parts: readonly unknown[], info: object = {}): AMessage {
  const model = { providerID: 'stub', modelID: 'echo' };
  return { info: { id, role: 'user', time: { created: 1000 }, agent: 'build', model, ...info }, parts };
}

/** Builds an answer from 2 s to 3.5 s to the message with an id. */
export function answer(parentID: string | null, parts: readonly unknown[], info: object = {}): AMessage {
  const by = { agent: 'build', mode: 'build', providerID: 'stub', modelID: 'echo' };
  const time = { created: 2000, completed: 3500 };
  const parent = parentID === null ? {} : { parentID };
  return { info: { id: 'msg_answer', role: 'assistant', time, finish: 'stop', ...parent, ...by, ...info }, parts };
}

export function anExport(messages: readonly unknown[], info: object = {}) {
  return { info: { id: 'ses_1', title: 'A title', directory: '/work', ...info }, messages };
}

export function transcriptOf(...messages: readonly unknown[]): TranscriptReport {
  return buildTranscript(anExport(messages));
}

export function turnsOf(...messages: readonly unknown[]): readonly TranscriptTurn[] {
  return transcriptOf(...messages).turns;
}

/** Returns the steps of the only answer, which has these parts. */
export function stepsOf(...parts: readonly unknown[]) {
  return turnsOf(user('msg_1', [text('hi')]), answer('msg_1', parts))[0]!.assistantMessages[0]!.steps;
}
