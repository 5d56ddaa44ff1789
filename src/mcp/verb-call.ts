import { checkInput } from '../verbs/check-input.ts';
import type { Desk } from '../verbs/desk.ts';
import { EXIT, VerbError } from '../verbs/exit-status.ts';
import { nameOfTarget } from '../verbs/given-targets.ts';
import { loadVerb } from '../verbs/load-verb.ts';
import type { VerbSpec } from '../verbs/spec.ts';

type Input = Readonly<Record<string, unknown>>;

/** Checks a verb's input before anything is asked. Throws a VerbError. */
export function checkCall(desk: Desk, spec: VerbSpec, input: Input): void {
  checkInput(spec, input);
  for (const target of [input.on ?? []].flat()) if (typeof target === 'string') checkTarget(desk, target);
}

/** Runs a verb and returns its result; the first one, for a verb that could go on. */
export async function runVerb(desk: Desk, spec: VerbSpec, input: Input): Promise<unknown> {
  const verb = await loadVerb(spec);
  const result = verb.run(desk, input);
  if (!(Symbol.asyncIterator in result)) return await result;
  for await (const value of result) return value;
  throw new Error(`${spec.name} has no result`);
}

/** Refuses a URL that is no target yet: a model must not send the user's credentials or prompts to a place of its choice. */
function checkTarget({ config }: Desk, target: string): void {
  if (!/^https?:\/\//.test(target) || Object.hasOwn(config.instances, nameOfTarget(config, target))) return;
  throw new VerbError(EXIT.refused, `${target} is no target of this server, and a call cannot add one`, {
    hint: 'The user can add it to instances in the configuration, or start ocr mcp with --on URL.',
  });
}
