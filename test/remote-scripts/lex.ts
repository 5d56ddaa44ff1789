/** A word as written, or one of `; & | ( ) newline`; `;;` is two of them. */
export interface Token {
  readonly text: string;
  readonly operator: boolean;
}

export interface Lexed {
  readonly tokens: readonly Token[];
  /** Scripts of command substitutions, those in quotes and here-documents too. */
  readonly substitutions: readonly string[];
}

/** Cuts POSIX sh into words and operators. Redirections are left out. Enough for scripts of our own: no backquotes, no `case` in a substitution. */
export function lex(script: string): Lexed {
  const tokens: Token[] = [];
  const substitutions: string[] = [];
  const documents: string[] = [];
  let word: string | null = null;
  let redirects = false;
  let at = 0;
  const endWord = () => {
    if (word !== null && !redirects) tokens.push({ text: word, operator: false });
    if (word !== null) redirects = false;
    word = null;
  };
  const takeSubstitution = () => {
    const end = closing(script, at + 2);
    if (script[at + 2] !== '(') substitutions.push(script.slice(at + 2, end));
    word = `${word ?? ''}${script.slice(at, end + 1)}`;
    at = end;
  };
  for (; at < script.length; at += 1) {
    const char = script.charAt(at);
    if (char === '\\') {
      word = script[at + 1] === '\n' ? word : `${word ?? ''}${script.slice(at, at + 2)}`;
      at += 1;
    } else if (char === "'") {
      const end = script.indexOf("'", at + 1);
      word = `${word ?? ''}${script.slice(at, end + 1)}`;
      at = end;
    } else if (char === '"') {
      const from = at;
      for (at += 1; script[at] !== '"'; at += 1) {
        if (script[at] === '\\') at += 1;
        else if (script.startsWith('$(', at)) takeSubstitution();
      }
      word = `${word ?? ''}${script.slice(from, at + 1)}`;
    } else if (script.startsWith('$(', at)) takeSubstitution();
    else if (script.startsWith('${', at)) {
      const end = closing(script, at + 2, '{', '}');
      word = `${word ?? ''}${script.slice(at, end + 1)}`;
      at = end;
    } else if (char === '#' && word === null) {
      at = script.indexOf('\n', at) - 1;
    } else if (char === '<' || char === '>') {
      if (/^\d$/.test(word ?? '')) word = null;
      endWord();
      const [, operator = '', delimiter] = /^(<<|[<>]+&?)('?\w+'?)?/.exec(script.slice(at)) ?? [];
      if (operator === '<<') documents.push((delimiter ?? '').replaceAll("'", ''));
      else redirects = true;
      at += operator.length - 1 + (operator === '<<' ? (delimiter ?? '').length : 0);
    } else if (/[;&|()\n]/.test(char)) {
      endWord();
      tokens.push({ text: char, operator: true });
      if (char === '\n' && documents.length > 0) {
        const body = script.slice(at + 1).split(new RegExp(`^${documents.shift()}$`, 'm'))[0] ?? '';
        for (const found of body.matchAll(/\$\(/g))
          substitutions.push(body.slice(found.index + 2, closing(body, found.index + 2)));
        at = script.indexOf('\n', at + 1 + body.length) - 1;
        if (at < 0) break;
      }
    } else if (/\s/.test(char)) endWord();
    else word = `${word ?? ''}${char}`;
  }
  endWord();
  return { tokens, substitutions };
}

/** Where what was opened before `from` closes, quotes left aside. */
function closing(text: string, from: number, open = '(', close = ')'): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === "'") at = text.indexOf("'", at + 1);
    else if (char === '"') {
      for (at += 1; text[at] !== '"' && at < text.length; at += 1) if (text[at] === '\\') at += 1;
    } else if (char === open) depth += 1;
    else if (char === close) depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
