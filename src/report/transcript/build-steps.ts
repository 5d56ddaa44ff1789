import { durationText, type Span } from './duration-text.ts';
import { type ExportedPart, type ExportedTime, type ExportedTool, readPart } from './export-shape.ts';
import type { TranscriptStep } from './transcript-report.ts';
import { errorText, valueText } from './value-text.ts';

/**
 * Returns a step for each part that is shown. Not shown are markers (`step-start`, `step-finish`, `snapshot`), types
 * that are not known, blank texts, and texts that opencode adds for the model or hides from it.
 */
export function buildSteps(parts: readonly unknown[], path: readonly PropertyKey[]): TranscriptStep[] {
  return parts.flatMap((value, index) => {
    const part = readPart(value, [...path, 'parts', index]);
    return part === null || isHidden(part) ? [] : [buildStep(part, index + 1)];
  });
}

/** Returns the texts of all steps of a type, without the blank lines around them. */
export function textsOf(steps: readonly TranscriptStep[], type: 'text' | 'reasoning'): string[] {
  return steps.filter((step) => step.type === type).map(({ contentText = '' }) => contentText.trim());
}

function isHidden(part: ExportedPart): boolean {
  if (part.type === 'text' && (part.synthetic || part.ignored)) return true;
  return (part.type === 'text' || part.type === 'reasoning') && part.text.trim() === '';
}

function buildStep(part: ExportedPart, index: number): TranscriptStep {
  const { type } = part;
  const untimed = { index, heading: type, type, duration: 'unknown' };
  switch (type) {
    case 'text':
    case 'reasoning':
      return { ...untimed, duration: durationText(spanOf(part.time)), contentText: part.text };
    case 'tool':
      return { ...untimed, ...toolFacts(part) };
    case 'file':
      return { ...untimed, contentText: fileText(part) };
    case 'subtask':
      return { ...untimed, heading: `subtask:${part.agent}`, contentText: part.prompt };
    case 'agent':
      return { ...untimed, heading: `agent:${part.name}` };
    case 'patch':
      return { ...untimed, contentText: part.files.join('\n') };
    case 'retry':
      return { ...untimed, contentText: `attempt ${part.attempt}: ${errorText(part.error) ?? 'unknown error'}` };
    case 'compaction':
      return { ...untimed, contentText: part.auto ? 'automatic' : 'manual' };
  }
}

function toolFacts({ tool, state, timing }: ExportedTool) {
  const inputText = valueText(state.input);
  // bash reports its output so far while it runs.
  const outputText = errorText(state.error) ?? valueText(state.output) ?? valueText(state.metadata?.output);
  const latency = timing?.latency_s;
  return {
    heading: `tool:${tool}`,
    tool,
    status: state.status,
    duration: durationText(latency == null ? spanOf(state.time) : { start: 0, end: latency * 1000 }),
    ...(inputText === undefined ? {} : { inputText }),
    ...(outputText === undefined ? {} : { outputText }),
  };
}

/** Returns the name; the URL of an attached file may hold all of its content. */
function fileText({ filename, mime, url }: Extract<ExportedPart, { type: 'file' }>): string {
  return filename || (url?.startsWith('data:') ? null : url) || mime || 'unknown';
}

function spanOf(time: ExportedTime): Span {
  return { start: time?.start ?? null, end: time?.end ?? null };
}
