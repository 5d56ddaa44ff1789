import { lex, type Token } from './lex.ts';

/** A command that a script runs. */
export interface Command {
  readonly name: string;
  /** Its words that begin with a dash, without quotes. */
  readonly flags: readonly string[];
}

/** Words after which a command follows. */
const BEFORE_COMMAND = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'exec']);
const BUILTINS = new Set([
  ...['[', ':', '.', 'break', 'cd', 'command', 'continue', 'echo', 'eval', 'exit', 'export', 'false', 'kill'],
  ...['pwd', 'read', 'return', 'set', 'shift', 'test', 'trap', 'true', 'umask', 'unset', 'wait'],
  ...['fi', 'done', 'esac', '}'],
]);

/** The programs that a script runs by name, in the order of the text. Functions and what stands in variables are left out. */
export function commandsOf(script: string): Command[] {
  const { tokens, substitutions } = lex(script);
  const functions = new Set([...script.matchAll(/^ *(\w+)\(\) *\{/gm)].map(([, name]) => name));
  const found = [...commandsIn(tokens), ...substitutions.flatMap(commandsOf)];
  return found.filter(({ name }) => !functions.has(name));
}

function commandsIn(tokens: readonly Token[]): Command[] {
  const commands: Command[] = [];
  let expects = true;
  let cases = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const { text = '', operator = false } = tokens[at] ?? {};
    if (operator) {
      expects = true;
      const isNextPattern = text === ';' && tokens[at + 1]?.text === ';' && cases > 0;
      if (isNextPattern) at = endOfPattern(tokens, at + 2);
    } else if (!expects || /^\w+=/.test(text)) {
    } else if (tokens[at + 1]?.text === '(' && tokens[at + 2]?.text === ')') at += 2;
    else if (text === 'for') {
      while (tokens[at] !== undefined && tokens[at]?.text !== 'do') at += 1;
    } else if (text === 'case') {
      cases += 1;
      while (tokens[at]?.text !== 'in') at += 1;
      at = endOfPattern(tokens, at + 1);
    } else if (text === 'esac') cases -= 1;
    else if (!BEFORE_COMMAND.has(text)) {
      expects = false;
      if (!BUILTINS.has(text) && /^[A-Za-z/]/.test(text) && !text.startsWith('ocr_')) {
        commands.push({ name: text, flags: flagsAfter(tokens, at + 1) });
      }
    }
  }
  return commands;
}

/** The `)` after a pattern, or the place before `esac`. */
function endOfPattern(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at += 1) {
    if (tokens[at]?.text === ')') return at;
    if (tokens[at]?.text === 'esac') return at - 1;
  }
  return tokens.length;
}

function flagsAfter(tokens: readonly Token[], from: number): string[] {
  const flags: string[] = [];
  for (const { text, operator } of tokens.slice(from)) {
    if (operator) break;
    const plain = text.replaceAll(/^['"]|['"]$/g, '');
    if (/^-[A-Za-z-]/.test(plain)) flags.push(plain);
  }
  return flags;
}
