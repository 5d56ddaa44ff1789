import { buildSteps, textsOf } from './build-steps.ts';
import { durationText, type Span } from './duration-text.ts';
import { type ExportedInfo, readExport, readMessage, readSystemPrompt } from './export-shape.ts';
import type { TranscriptAnswer, TranscriptReport, TranscriptStep, TranscriptTurn } from './transcript-report.ts';
import { errorText } from './value-text.ts';

interface Message {
  readonly info: ExportedInfo;
  readonly steps: TranscriptStep[];
  /** Only of a user. */
  readonly systemPrompt: string | null;
}

interface Turn {
  /** `null` for answers that precede every prompt. */
  readonly prompt: Message | null;
  readonly answers: Message[];
}

/**
 * Builds the transcript of a session from `{info, messages: [{info, parts}]}`, as `opencode export` prints it.
 *
 * @throws TranscriptError that names the place of a wrong shape, such as `messages[3].parts[0].type: expected string`
 */
export function buildTranscript(exportValue: unknown): TranscriptReport {
  const { info, messages } = readExport(exportValue);
  const turns = groupTurns(messages.map(buildMessage));
  return { directory: info.directory || 'unknown', sessionID: info.id, title: info.title, turns: turns.map(buildTurn) };
}

function buildMessage(value: unknown, index: number): Message {
  const path = ['messages', index];
  const { info, parts } = readMessage(value, path);
  const systemPrompt = info.role === 'user' ? readSystemPrompt(info, path) : null;
  return { info, steps: buildSteps(parts, path), systemPrompt };
}

/** Groups answers by the message that they name, which may not be the last one before them, else by their order. */
function groupTurns(messages: readonly Message[]): Turn[] {
  const turns = new Map<Message, Turn>();
  const byId = new Map<string, Turn>();
  for (const message of messages) {
    if (message.info.role !== 'user') continue;
    const turn: Turn = { prompt: message, answers: [] };
    turns.set(message, turn);
    if (message.info.id != null) byId.set(message.info.id, turn);
  }
  const orphans: Turn = { prompt: null, answers: [] };
  let latest = orphans;
  for (const message of messages) {
    latest = turns.get(message) ?? latest;
    if (message.info.role === 'assistant') (byId.get(message.info.parentID ?? '') ?? latest).answers.push(message);
  }
  return orphans.answers.length === 0 ? [...turns.values()] : [orphans, ...turns.values()];
}

function buildTurn({ prompt, answers }: Turn, index: number): TranscriptTurn {
  const steps = prompt?.steps ?? [];
  const start = (prompt ?? answers[0])?.info;
  const end = answers.at(-1)?.info;
  return {
    index: index + 1,
    duration: durationText({ start: start?.time?.created ?? null, end: end?.time?.completed ?? null }),
    systemPrompt: prompt?.systemPrompt ?? null,
    userPrompt: textsOf(steps, 'text').join('\n\n'),
    promptSteps: steps.filter((step) => step.type !== 'text'),
    assistantMessages: answers.map(buildAnswer),
  };
}

function buildAnswer({ info, steps }: Message, index: number): TranscriptAnswer {
  const { agent, mode, finish, error, summary } = info;
  return {
    index: index + 1,
    duration: durationText(spanOf(info)),
    finish: finish || 'unknown',
    agent: agent || mode || null,
    model: modelOf(info),
    error: errorText(error),
    summary: summary === true,
    reasoning: textsOf(steps, 'reasoning'),
    text: textsOf(steps, 'text').join('\n\n'),
    steps,
  };
}

function spanOf({ time }: ExportedInfo): Span {
  return { start: time?.created ?? null, end: time?.completed ?? null };
}

function modelOf({ providerID, modelID, model }: ExportedInfo): string | null {
  const names = [providerID ?? model?.providerID, modelID ?? model?.modelID].filter(Boolean);
  return names.length === 0 ? null : names.join('/');
}
