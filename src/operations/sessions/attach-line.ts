import type { Host } from '../../domain/host.ts';
import { printable } from '../../domain/printable.ts';
import { portableScript, quoteArgument } from '../../lib/shell-quote.ts';

/** A word that every shell takes as it is. */
const PLAIN = /^[A-Za-z0-9_/.:=@%+,][A-Za-z0-9_/.:=@%+,-]*$/;

/**
 * Returns the shell command that opens a session: one line, without characters that a terminal would take for keys when
 * it is pasted.
 * @param sshConfigFile the ssh config that lists the host; `null` for ssh's own
 */
export function attachLine(
  host: Host,
  opencodePath: string,
  session: { id: string; directory: string },
  sshConfigFile: string | null,
): string {
  if (host.route.kind === 'url') {
    const line = `opencode attach ${word(host.route.url)} --dir ${word(session.directory)} --session ${word(session.id)}`;
    return isReadAlike(line) ? line : portableScript(line).replace(/^exec /, '');
  }
  const script = `cd ${word(session.directory)} && ${word(opencodePath)} --session ${word(session.id)}`;
  const isLocal = host.route.kind === 'local';
  const plain = isReadAlike(script);
  if (isLocal) return plain ? script : portableScript(script).replace(/^exec /, '');
  const config = sshConfigFile === null ? '' : `-F ${word(sshConfigFile)} `;
  const given = host.route.kind === 'ssh' ? (host.route.options.given ?? []) : [];
  const settings = given.map((setting) => `-o ${word(setting)} `).join('');
  return `ssh ${config}${settings}-t ${word(host.alias)} ${quoteArgument(plain ? script : portableScript(script))}`;
}

/**
 * True if all login shells, and the user, read it alike: fish and csh interpret `\` and `!` in quotes; control
 * characters are keys to a shell's line editor.
 */
function isReadAlike(script: string): boolean {
  // The escaped quotes of `quoteArgument` itself are read alike.
  return !/[\\!]/.test(script.replaceAll(`'\\''`, '')) && printable(script) === script;
}

function word(text: string): string {
  return PLAIN.test(text) ? text : quoteArgument(text);
}
