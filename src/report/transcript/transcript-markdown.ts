import { printable } from '../../domain/printable.ts';
import type { TranscriptAnswer, TranscriptReport, TranscriptStep, TranscriptTurn } from './transcript-report.ts';

/** Matches 8-bit control characters: `printable` takes time that grows with the square of their number on a line. */
const C1_CONTROLS = /[\u0080-\u009f]+/g;

/**
 * Returns a transcript as Markdown. Foreign texts are quoted or fenced, so they add no heading. Nothing in it is a
 * control character but line breaks and tabs: JSON has the exact texts.
 */
export function formatTranscript({ title, sessionID, directory, turns }: TranscriptReport): string {
  const facts = [`- Session: ${oneLine(sessionID)}`, `- Directory: ${oneLine(directory)}`, `- Turns: ${turns.length}`];
  const blocks = [`# ${oneLine(title) || 'Untitled'}`, facts.join('\n'), ...turns.flatMap(turnBlocks)];
  return `${blocks.join('\n\n')}\n`;
}

/** Returns turns that follow those of an earlier `formatTranscript`. */
export function formatTurns(turns: readonly TranscriptTurn[]): string {
  return `\n${turns.flatMap(turnBlocks).join('\n\n')}\n`;
}

function turnBlocks({ index, duration, systemPrompt, userPrompt, ...turn }: TranscriptTurn): string[] {
  const { promptSteps, assistantMessages } = turn;
  const hasPrompt = userPrompt !== '' || promptSteps.length > 0;
  return [
    `## Turn ${index} (${duration})`,
    ...(systemPrompt === null ? [] : ['### System prompt', quoted(systemPrompt)]),
    ...(hasPrompt ? ['### User prompt'] : []),
    ...(userPrompt === '' ? [] : [quoted(userPrompt)]),
    ...promptSteps.flatMap(stepBlocks),
    ...assistantMessages.flatMap(answerBlocks),
  ];
}

/** The steps include the message's reasoning and its text. */
function answerBlocks({ index, duration, finish, agent, model, error, summary, steps }: TranscriptAnswer): string[] {
  const words = [agent, model, summary ? 'summary' : null, `finish: ${finish}`].filter((word) => word !== null);
  return [
    `### Assistant ${index} (${duration}) · ${oneLine(words.join(' · '))}`,
    ...steps.flatMap(stepBlocks),
    ...(error === null ? [] : ['**Error:**', quoted(error)]),
  ];
}

function stepBlocks({
  index,
  heading,
  duration,
  status,
  inputText,
  outputText,
  contentText,
}: TranscriptStep): string[] {
  const facts = [duration, status].filter((fact) => fact !== undefined).join(', ');
  return [
    `#### Step ${index}: ${oneLine(heading)} (${oneLine(facts)})`,
    ...(hasWords(contentText) ? [quoted(contentText)] : []),
    ...(hasWords(inputText) ? ['Input:', fenced(inputText)] : []),
    ...(hasWords(outputText) ? ['Output:', fenced(outputText)] : []),
  ];
}

function hasWords(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function quoted(text: string): string {
  const lines = harmlessLines(text).map((line) => (line === '' ? '>' : `> ${line}`));
  return lines.join('\n');
}

/** Returns a text between fences that are longer than any run of backticks in it. */
function fenced(text: string): string {
  const lines = harmlessLines(text).join('\n');
  const longest = (lines.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [fence, lines, fence].join('\n');
}

/** Returns the lines of a text without anything that a terminal would interpret. */
function harmlessLines(text: string): string[] {
  return text.split(/\r\n|[\r\n]/).map((line) => line.split('\t').map(oneLine).join('\t'));
}

function oneLine(text: string): string {
  return printable(text.replace(C1_CONTROLS, ' '));
}
