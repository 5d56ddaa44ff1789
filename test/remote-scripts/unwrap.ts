/**
 * The output of `portableScript`, in any surroundings: it contains no inner quote, so no layer of quoting changes it.
 */
const PORTABLE = /eval "\$\(printf "((?:[A-Za-z0-9 _./:=,@+-]|\\[0-7]{3})*)"\)"/g;
/** A script that another one holds in a variable. */
const HELD = /^ocr_(?:worker|command)='((?:[^']|'\\'')*\n(?:[^']|'\\'')*)'$/gm;

/** A command line and all the scripts that it hands on, each as the shell that runs it reads it. */
export function unwrap(script: string): string[] {
  const encoded = [...script.matchAll(PORTABLE)].map(([, text = '']) => decode(text));
  const held = [...script.matchAll(HELD)].map(([, text = '']) => text.replaceAll(`'\\''`, "'"));
  return [script, ...[...encoded, ...held].flatMap(unwrap)];
}

function decode(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
