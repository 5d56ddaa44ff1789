/**
 * Words a text of the command line's help for a model: a tool returns and does not print, its parameters have other names, and stdin and `--json` are none
 * of its business.
 */
export function toolWords(help: string): string {
  return help
    .replaceAll(/\bprint\b/g, 'return')
    .replaceAll(/(?:;|,| \()[^;,()]*(?:--json|stdin)[^;,()]*\)?/g, '')
    .replaceAll(/--([a-z][a-z-]*)/g, (_, name: string) =>
      name.replaceAll(/-([a-z])/g, (__, letter: string) => letter.toUpperCase()),
    );
}
