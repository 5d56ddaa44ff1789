import * as z from 'zod';
import type { FileChange, TodoItem, TranscriptMessage, TranscriptPart } from '../../domain/transcript.ts';
import { oneLine } from './server-error.ts';

const optionalText = z.string().nullish().catch(null);

const infoSchema = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  time: z.object({ created: z.number(), completed: z.number().nullish() }),
  agent: optionalText,
  // An assistant's message has the two names at the top, a user's below `model`.
  providerID: optionalText,
  modelID: optionalText,
  model: z.object({ providerID: z.string(), modelID: z.string() }).nullish().catch(null),
  error: z
    .object({ name: z.string(), data: z.object({ message: z.string() }).nullish().catch(null) })
    .nullish()
    .catch(null),
});

const toolStateSchema = z.object({
  status: z.enum(['pending', 'running', 'completed', 'error']),
  input: z.record(z.string(), z.unknown()).catch({}),
  title: optionalText,
  output: optionalText,
  error: optionalText,
  metadata: z.object({ output: optionalText }).nullish().catch(null),
});

const base = { id: z.string() };
const hidden = { synthetic: z.boolean().nullish(), ignored: z.boolean().nullish() };
const partSchema = z.discriminatedUnion('type', [
  z.object({ ...base, ...hidden, type: z.literal('text'), text: z.string() }),
  z.object({ ...base, type: z.literal('reasoning'), text: z.string() }),
  z.object({ ...base, type: z.literal('tool'), tool: z.string(), state: toolStateSchema }),
  z.object({ ...base, type: z.literal('file'), filename: optionalText, url: z.string() }),
  z.object({ ...base, type: z.literal('subtask'), agent: z.string(), prompt: z.string() }),
]);

/** Messages as `GET /session/ID/message` gives them, with the parts that are shown. */
export function parseMessages(value: unknown): readonly TranscriptMessage[] {
  const listed = z.array(z.object({ info: z.unknown(), parts: z.array(z.unknown()).catch([]) })).parse(value);
  return listed.map(({ info, parts }) => ({
    ...parseMessage(info),
    parts: parts.map(parsePart).filter((part) => part !== null),
  }));
}

/** A message without its parts. */
export function parseMessage(value: unknown): TranscriptMessage {
  const { id, role, time, agent, providerID, modelID, model, error } = infoSchema.parse(value);
  const names = model ?? { providerID, modelID };
  return {
    id,
    role,
    created: time.created,
    completed: time.completed ?? null,
    agent: agent ?? null,
    model: names.providerID == null || names.modelID == null ? null : `${names.providerID}/${names.modelID}`,
    error: error == null ? null : oneLine(error.data?.message ?? error.name),
    parts: [],
  };
}

/** Returns `null` for hidden parts: steps, snapshots, text that opencode adds only for the model, and unknown kinds. */
export function parsePart(value: unknown): TranscriptPart | null {
  const { data: part } = partSchema.safeParse(value);
  if (part === undefined) return null;
  const { id } = part;
  switch (part.type) {
    case 'text':
      return part.synthetic || part.ignored ? null : { kind: 'text', id, text: part.text };
    case 'reasoning':
      return { kind: 'reasoning', id, text: part.text };
    case 'file':
      return { kind: 'file', id, name: part.filename ?? part.url };
    case 'subtask':
      return { kind: 'text', id, text: `@${part.agent} ${part.prompt}` };
    case 'tool':
      return { kind: 'tool', id, tool: part.tool, ...toolFacts(part.state) };
  }
}

type ToolFacts = Pick<Extract<TranscriptPart, { kind: 'tool' }>, 'state' | 'title' | 'input' | 'output'>;

function toolFacts({ status, input, title, output, error, metadata }: z.infer<typeof toolStateSchema>): ToolFacts {
  const { command } = input;
  return {
    state: status,
    title: oneLine(title || titleOf(input)),
    input:
      typeof command === 'string' ? command : Object.keys(input).length === 0 ? '' : JSON.stringify(input, null, 2),
    // bash reports its output so far while it runs.
    output: error ?? output ?? metadata?.output ?? '',
  };
}

/** Until a tool has a title, the first of these inputs describes it. */
function titleOf(input: Readonly<Record<string, unknown>>): string {
  const names = ['description', 'command', 'filePath', 'path', 'pattern', 'url', 'query', 'prompt'];
  return names.map((name) => input[name]).find((value) => typeof value === 'string') ?? '';
}

/** Unknown states count as pending. */
export function parseTodos(value: unknown): readonly TodoItem[] {
  const status = z.enum(['pending', 'in_progress', 'completed', 'cancelled']).catch('pending');
  return z.array(z.object({ content: z.string(), status })).parse(value);
}

const changeSchema = z.object({
  file: z.string(),
  patch: z.string().catch(''),
  additions: z.number().catch(0),
  deletions: z.number().catch(0),
});

/** Changes; those that name no file are left out. */
export function parseChanges(value: unknown): readonly FileChange[] {
  return z
    .array(z.unknown())
    .parse(value)
    .flatMap((item) => {
      const { data } = changeSchema.safeParse(item);
      return data === undefined ? [] : [toChange(data)];
    });
}

function toChange({ file, ...change }: z.infer<typeof changeSchema>): FileChange {
  return { path: file, ...change };
}
