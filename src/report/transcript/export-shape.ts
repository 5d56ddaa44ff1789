import * as z from 'zod';
import { TranscriptError } from './transcript-error.ts';

/** Names of agents and models, which no transcript fails for. */
const optionalName = z.string().nullish().catch(null);
/** Read leniently, or not at all. */
const anything = z.unknown().optional();
const time = z.object({ start: z.number().nullish(), end: z.number().nullish() }).nullish();
const hidden = { synthetic: z.boolean().nullish(), ignored: z.boolean().nullish() };

const exportSchema = z.object({
  info: z.object({ id: z.string(), title: z.string(), directory: z.string().nullish() }),
  messages: z.array(z.unknown()),
});

const messageSchema = z.object({
  info: z.object({
    id: z.string().nullish(),
    role: z.enum(['user', 'assistant']),
    parentID: z.string().nullish(),
    time: z.object({ created: z.number().nullish(), completed: z.number().nullish() }).nullish(),
    // Of a user, a text. Assistants of opencode 0.x have a list.
    system: anything,
    finish: z.string().nullish(),
    agent: optionalName,
    mode: optionalName,
    providerID: optionalName,
    modelID: optionalName,
    // Old exports have the whole name in `modelID`.
    model: z.object({ providerID: optionalName, modelID: optionalName }).nullish().catch(null),
    error: anything,
    // A user's is an object that lists changed files.
    summary: anything,
  }),
  parts: z.array(z.unknown()),
});

const toolSchema = z.object({
  type: z.literal('tool'),
  tool: z.string(),
  state: z.object({
    status: z.string(),
    input: anything,
    output: anything,
    error: anything,
    metadata: z.object({ output: anything }).nullish().catch(null),
    time,
  }),
  // Only in old exports, seconds.
  timing: z.object({ latency_s: z.number().nullish() }).nullish(),
});

const partSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), ...hidden, time }),
  z.object({ type: z.literal('reasoning'), text: z.string(), time }),
  toolSchema,
  z.object({ type: z.literal('file'), filename: z.string().nullish(), mime: optionalName, url: z.string().nullish() }),
  z.object({ type: z.literal('subtask'), agent: z.string(), prompt: z.string() }),
  z.object({ type: z.literal('agent'), name: z.string() }),
  z.object({ type: z.literal('patch'), files: z.array(z.string()) }),
  z.object({ type: z.literal('retry'), attempt: z.number(), error: anything }),
  z.object({ type: z.literal('compaction'), auto: z.boolean().nullish() }),
]);

export type ExportedInfo = z.output<typeof messageSchema>['info'];
export type ExportedPart = z.output<typeof partSchema>;
export type ExportedTime = z.output<typeof time>;
export type ExportedTool = z.output<typeof toolSchema>;

const typeSchema = z.object({ type: z.string() });
const systemSchema = z.string().nullish();
const knownTypes: ReadonlySet<string> = new Set(partSchema.options.map((option) => option.shape.type.value));

type Path = readonly PropertyKey[];

/** Checks the outside of an export. Throws a TranscriptError that names the wrong place, as do all functions below. */
export function readExport(value: unknown): z.output<typeof exportSchema> {
  return parseAt(exportSchema, value, []);
}

/** Checks a message; its parts are unchecked. */
export function readMessage(value: unknown, path: Path): z.output<typeof messageSchema> {
  return parseAt(messageSchema, value, path);
}

/** Returns the system prompt that a user's message carries, `null` if there is none. */
export function readSystemPrompt(info: ExportedInfo, path: Path): string | null {
  return parseAt(systemSchema, info.system, [...path, 'info', 'system'])?.trim() || null;
}

/** Returns `null` for types that are not shown or not known. */
export function readPart(value: unknown, path: Path): ExportedPart | null {
  const { type } = parseAt(typeSchema, value, path);
  return knownTypes.has(type) ? parseAt(partSchema, value, path) : null;
}

function parseAt<Value>(schema: z.ZodType<Value>, value: unknown, path: Path): Value {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const place = placeOf([...path, ...(issue?.path ?? [])]);
  throw new TranscriptError(`${place}: ${(issue?.message ?? 'wrong shape').replace(/^Invalid \w+: /, '')}`);
}

function placeOf(path: Path): string {
  const names = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return names.join('').replace(/^\./, '') || 'the export';
}
