import * as z from 'zod';
import { MAX_REQUESTS } from '../../domain/host-bounds.ts';
import type { PermissionRequest, QuestionRequest } from '../../domain/user-request.ts';

const texts = z.array(z.string()).catch([]);

const permissionSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  permission: z.string(),
  patterns: texts,
  always: texts,
  metadata: z.record(z.string(), z.unknown()).catch({}),
});

const questionSchema = z.object({
  id: z.string(),
  sessionID: z.string(),
  questions: z.array(
    z.object({
      question: z.string(),
      header: z.string().catch(''),
      options: z.array(z.object({ label: z.string(), description: z.string().catch('') })).catch([]),
      multiple: z.boolean().catch(false),
      // opencode accepts a typed answer unless the tool forbids it.
      custom: z.boolean().catch(true),
    }),
  ),
});

/** Facts that a request does not contain itself. */
export interface RequestContext {
  readonly directory: string;
  /** Returns when the request with this id was first seen, epoch milliseconds. */
  since(id: string): number;
}

/**
 * Parses a permission request of opencode. The metadata depends on the tool (1.18.33): bash `command`; edit, write and
 * apply_patch `filepath` (several joined by commas) and `diff`; external_directory `filepath` and `parentDir`, or
 * `command` and `directories`; webfetch `url`; websearch `query`; glob and grep `pattern` and `path`; doom_loop `tool`
 * and `input`.
 */
export function parsePermission(value: unknown, { directory, since }: RequestContext): PermissionRequest {
  const { id, sessionID, permission, patterns, always, metadata } = permissionSchema.parse(value);
  const [only] = patterns;
  const command = textOf(metadata.command);
  const filepath = textOf(metadata.filepath);
  const path = filepath ?? textOf(metadata.path);
  const diff = textOf(metadata.diff);
  // Fields shown in a place of their own. All others are listed as facts, such as a `command` that is not text, or a
  // second path.
  const placed = new Set([
    ...(command === null ? [] : ['command']),
    ...(path === null ? [] : [filepath === null ? 'path' : 'filepath']),
    ...(diff === null ? [] : ['diff']),
  ]);
  return {
    kind: 'permission',
    id,
    sessionId: sessionID,
    directory,
    since: since(id),
    permission,
    patterns,
    always,
    command,
    path: path ?? (permission === 'read' ? (only ?? null) : null),
    diff,
    facts: factsOf(metadata, placed),
  };
}

export function parseQuestion(value: unknown, { directory, since }: RequestContext): QuestionRequest {
  const { id, sessionID, questions } = questionSchema.parse(value);
  return { kind: 'question', id, sessionId: sessionID, directory, since: since(id), questions };
}

/** Parses the first items, one more than are kept. Throws unless it is a list. Skips an unreadable item, so that it does not hide the others. */
export function parsePermissions(value: unknown, context: RequestContext): readonly PermissionRequest[] {
  return parseEach(value, (item) => parsePermission(item, context));
}

/** Like `parsePermissions`. */
export function parseQuestions(value: unknown, context: RequestContext): readonly QuestionRequest[] {
  return parseEach(value, (item) => parseQuestion(item, context));
}

function parseEach<T>(value: unknown, parse: (item: unknown) => T): readonly T[] {
  return z
    .array(z.unknown())
    .parse(value)
    .slice(0, MAX_REQUESTS + 1)
    .flatMap((item) => {
      try {
        return [parse(item)];
      } catch (error) {
        if (error instanceof z.ZodError) return [];
        throw error;
      }
    });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Metadata fields shown in a place of their own, if they are text. */
const PLACES: ReadonlySet<string> = new Set(['command', 'filepath', 'path', 'diff']);

function factsOf(values: Readonly<Record<string, unknown>>, placed: ReadonlySet<string>): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (placed.has(name) || (PLACES.has(name) && (value === '' || value === null))) continue;
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) facts[name] = text;
  }
  return facts;
}
