import * as z from 'zod';
import { formatDuration, parseTime } from '../lib/duration.ts';
import { EXIT, VerbError } from '../verbs/exit-status.ts';
import type { Param } from '../verbs/param.ts';
import { isListing, mayNeedServer, type VerbSpec } from '../verbs/spec.ts';
import { toolWords } from './tool-words.ts';

/** The input of a call: the verb's own, and what is common to all verbs. */
export interface ToolInput {
  readonly verb: Record<string, unknown>;
  readonly isCached: boolean;
  readonly mayStartServers: boolean;
  /** True if the caller has given its explicit `confirm`. */
  readonly isConfirmed: boolean;
}

export interface InputOptions {
  readonly mayWrite: boolean;
  /** True if the call itself must hold a confirmation, since the client cannot ask its user. */
  readonly mustConfirm: boolean;
}

/** As the command line takes. */
const MAX_COUNT = 9_999_999;

/** Returns the shape of a tool's input. */
export function inputShapeOf(spec: VerbSpec, { mayWrite, mustConfirm }: InputOptions): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, param] of Object.entries(spec.params)) {
    if (param.isLocal !== true) shape[name] = fieldOf(param);
  }
  if (isListing(spec)) {
    shape.cached = z.boolean().optional().describe('ask no host: answer from what was last known');
  }
  if (mayWrite && mayNeedServer(spec)) {
    shape.start = z.boolean().optional().describe("start ocr's own server on a host that has none");
  }
  if (spec.effect === 'destroys') {
    const confirm = z.boolean().describe('must be true: the user has agreed to this very call');
    shape.confirm = mustConfirm ? confirm : confirm.optional();
  }
  return z.strictObject(shape);
}

/** Reads a call's arguments. Throws a VerbError that says what is wrong. */
export function parseToolInput(spec: VerbSpec, given: Readonly<Record<string, unknown>>, mayWrite: boolean): ToolInput {
  const shape = inputShapeOf(spec, { mayWrite, mustConfirm: false });
  const parsed = shape.safeParse(lenient(spec, given));
  if (!parsed.success) {
    throw new VerbError(EXIT.usage, 'the arguments do not fit', {
      hint: [z.prettifyError(parsed.error), `It takes: ${Object.keys(shape.shape).join(', ') || 'nothing'}`].join('\n'),
    });
  }
  const { data } = parsed;
  const entries = Object.entries(spec.params).map(([name, param]) => [name, data[name] ?? absent(param)]);
  return {
    verb: Object.fromEntries(entries),
    isCached: data.cached === true,
    mayStartServers: data.start === true,
    isConfirmed: data.confirm === true,
  };
}

/** The value of a parameter that is not given. */
function absent({ kind, fallback }: Param): unknown {
  if (kind === 'flag') return false;
  return kind === 'texts' ? [] : (fallback ?? null);
}

/** Accepts what models often send: null for what they leave out, and one text for a list of one. */
function lenient(spec: VerbSpec, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(given).filter(([, value]) => value !== null);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const isList = Object.hasOwn(spec.params, name) && spec.params[name]?.kind === 'texts';
      return [name, isList && typeof value === 'string' ? [value] : value];
    }),
  );
}

function fieldOf(param: Param): z.ZodType {
  const { kind, isRequired, fallback = 0 } = param;
  const byDefault = param.fallback === undefined ? '' : ` (by default ${fallback})`;
  const what = toolWords(param.what);
  switch (kind) {
    case 'flag':
      return z.boolean().optional().describe(what);
    case 'count':
      return z.int().min(1).max(MAX_COUNT).optional().describe(`${what}${byDefault}`);
    case 'duration':
      return z
        .union([z.number().positive(), z.string()])
        .transform(toMilliseconds)
        .optional()
        .describe(`${what}: seconds, or a text such as "90s" or "5m" (by default ${formatDuration(fallback)})`);
    case 'text': {
      const field = textOf(param).describe(what);
      return isRequired ? field : field.optional();
    }
    case 'texts': {
      const field = z.array(textOf(param));
      return isRequired ? field.min(1).describe(what) : field.optional().describe(what);
    }
  }
}

function textOf({ choices }: Param): z.ZodType {
  return choices === undefined ? z.string() : z.enum(choices);
}

function toMilliseconds(given: number | string, context: z.RefinementCtx): number {
  const milliseconds = parseTime(String(given));
  if (milliseconds !== null) return milliseconds;
  context.addIssue({ code: 'custom', message: 'it must be a time above zero: seconds, or such as "90s" or "5m"' });
  return z.NEVER;
}
