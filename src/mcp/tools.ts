import type { VerbSpec } from '../verbs/spec.ts';
import { VERBS } from '../verbs/specs.ts';

/** The verbs that are tools. Streams never end, and some verbs need a terminal or this machine's files. */
export const TOOLS: readonly VerbSpec[] = VERBS.filter(
  ({ isStream, isLocalOnly }) => isStream !== true && isLocalOnly !== true,
);

/** Returns a tool's name: some clients take only letters, digits and `_`. They put the server's name before it themselves. */
export function toolNameOf({ name }: Pick<VerbSpec, 'name'>): string {
  return name.replaceAll(/[ -]/g, '_');
}

/** Returns a tool by its name. */
export function toolNamed(name: string): VerbSpec | undefined {
  return TOOLS.find((spec) => toolNameOf(spec) === name);
}

/** Returns the tools of a server that may write, or only those that read. */
export function listedTools(mayWrite: boolean): readonly VerbSpec[] {
  return TOOLS.filter(({ effect }) => mayWrite || effect === 'reads');
}
