import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { nearestWord } from '../domain/nearest.ts';
import { codeOf, messageOf, UserError } from '../lib/errors.ts';
import { warningOfAccess } from '../lib/open-to-others.ts';
import type { GivenInstances } from './given-instances.ts';
import { type Instance, instanceName, instanceSchema, modelName } from './instance-schema.ts';
import { findKeyOffset, findValueOffset } from './yaml-places.ts';

const MODELS = 'allowed_models';
const KNOWN = Object.keys(instanceSchema.shape);

/** Reads an instances file. Rejects with a UserError that names the file, the place and what to do. */
export async function loadInstances(
  path: string,
): Promise<{ readonly given: GivenInstances; readonly warnings: readonly string[] }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
    const advice = 'correct --instances or $OPENCODE_INSTANCES_CONFIG';
    throw new UserError(`${path}: cannot read the instances: ${reason}; ${advice}`, { cause: error });
  }
  const given = parseInstances(text, path);
  const isSecret = Object.values(given.instances).some(({ password }) => password !== undefined);
  const access = isSecret ? await warningOfAccess(path, 'holds a password') : null;
  return { given, warnings: access === null ? [] : [access] };
}

/**
 * Parses an instances file: JSON with an instance for each name, and `allowed_models`. Comments and commas at an end are accepted. Messages never quote the
 * text, which may be a password.
 *
 * @param path only for messages
 * @throws UserError with one line for each problem
 */
export function parseInstances(text: string, path: string): GivenInstances {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new UserError(`${place(broken.pos[0])}: not valid JSON (${broken.code.toLowerCase()}): correct it there`);
  }
  const root = document.contents;
  const whole = z.record(z.string(), z.unknown(), { error: SHAPE }).safeParse(document.toJS() ?? {});
  if (!whole.success) throw new UserError(`${place(root?.range?.[0] ?? 0)}: ${SHAPE}`);
  const { [MODELS]: models, ...entries } = whole.data;
  const problems: string[] = [];
  const note = (where: readonly string[], { issues }: z.ZodError) => {
    for (const issue of issues) {
      const full = [...where, ...issue.path.map(String)];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys)
          problems.push(`${place(findKeyOffset(root, [...full, key]))}: ${unknown(full, key)}`);
      } else problems.push(`${place(findValueOffset(root, full))}: ${full.join('.')}: ${issue.message}`);
    }
  };
  const allowed = z.array(modelName).nullish().safeParse(models);
  if (!allowed.success) note([MODELS], allowed.error);
  const instances: Record<string, Instance> = {};
  for (const [name, entry] of Object.entries(entries)) {
    const named = instanceName.safeParse(name);
    if (!named.success) note([name], named.error);
    const parsed = instanceSchema.safeParse(entry);
    if (parsed.success) instances[name] = parsed.data;
    else note([name], parsed.error);
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return { path, instances, allowedModels: allowed.data ?? null };
}

const SHAPE = 'must be an object such as {"dev": {"url": "http://localhost:4096"}}';

function unknown(where: readonly string[], key: string): string {
  const nearest = nearestWord(key, KNOWN);
  const advice = nearest === null ? `known here: ${KNOWN.join(', ')}` : `did you mean "${nearest}"?`;
  return `unknown key "${[...where, key].join('.')}"; ${advice}`;
}
