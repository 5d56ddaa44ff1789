import { EXIT, VerbError } from './exit-status.ts';
import type { VerbSpec } from './spec.ts';

/** Throws a VerbError for a text that is given but blank. Nothing is sent then. */
export function checkInput({ params }: VerbSpec, input: Readonly<Record<string, unknown>>): void {
  for (const [name, param] of Object.entries(params)) {
    const given = [input[name] ?? []].flat();
    if (!given.some((value) => typeof value === 'string' && value.trim() === '')) continue;
    const shown = param.isArgument ? name : `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new VerbError(EXIT.usage, `${shown} must not be blank`);
  }
}
