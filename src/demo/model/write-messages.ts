import type { DemoOpencode, Kept } from './opencode.ts';
import type { DemoMessage, DemoPart, ToolState } from './session.ts';
import type { ToolCall } from './tools.ts';

/** Adds a prompt of the user. */
export function addPrompt(opencode: DemoOpencode, kept: Kept, text: string, at: number): DemoMessage {
  const { id: sessionID, agent, model } = kept.session;
  const id = opencode.ids.make('msg', at);
  const message: DemoMessage = {
    info: {
      ...{ id, sessionID, role: 'user', agent, time: { created: at } },
      model: { providerID: model.providerID, modelID: model.id },
    },
    parts: [{ id: opencode.ids.make('prt', at), sessionID, messageID: id, type: 'text', text }],
  };
  kept.messages.push(message);
  return message;
}

/** Adds an answer of the model, open until `closeAnswer`. */
export function addAnswer(opencode: DemoOpencode, kept: Kept, at: number): DemoMessage {
  const { id: sessionID, agent, model } = kept.session;
  const id = opencode.ids.make('msg', at);
  const message: DemoMessage = {
    info: {
      ...{ id, sessionID, role: 'assistant', agent, time: { created: at } },
      ...{ providerID: model.providerID, modelID: model.id },
    },
    parts: [],
  };
  kept.messages.push(message);
  return message;
}

export function addText(opencode: DemoOpencode, message: DemoMessage, text: string, at: number): DemoPart {
  const { id: messageID, sessionID } = message.info;
  const part: DemoPart = { id: opencode.ids.make('prt', at), sessionID, messageID, type: 'text', text };
  message.parts.push(part);
  return part;
}

/** Adds the call of a tool, which runs until `finishCall`. */
export function addCall(opencode: DemoOpencode, message: DemoMessage, call: ToolCall, at: number): DemoPart {
  const { id: messageID, sessionID } = message.info;
  const part: DemoPart = {
    ...{ id: opencode.ids.make('prt', at), sessionID, messageID, type: 'tool', tool: call.tool },
    callID: opencode.ids.make('call', at),
    state: { status: 'running', input: call.input, title: call.title, metadata: {}, time: { start: at } },
  };
  message.parts.push(part);
  return part;
}

/** Finishes a call with its output, or with the reason why it was not allowed. */
export function finishCall(part: DemoPart, call: ToolCall, at: number, refused: string | null = null): void {
  if (part.type !== 'tool') return;
  const { input, title, metadata, time } = part.state;
  const base = { input, title, metadata, time: { start: time.start, end: at } };
  const state: ToolState =
    refused === null
      ? { ...base, status: 'completed', output: call.output }
      : { ...base, status: 'error', error: refused };
  part.state = state;
}

/** Records the change of an edit, in the session and with the prompt that led to it. */
export function addChange(kept: Kept, change: ToolCall['change']): void {
  if (change === null) return;
  kept.changes.push(change);
  const prompt = kept.messages.findLast(({ info }) => info.role === 'user');
  if (prompt !== undefined) prompt.info.summary = { diffs: [...(prompt.info.summary?.diffs ?? []), change] };
  const files = new Set(kept.changes.map(({ file }) => file)).size;
  const { additions, deletions } = kept.session.summary;
  kept.session.summary = {
    ...{ files, additions: additions + change.additions, deletions: deletions + change.deletions },
  };
}
