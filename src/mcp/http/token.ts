import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writePrivateFile } from '../../lib/atomic-file.ts';
import { messageOf, UserError } from '../../lib/errors.ts';
import { readRegularFile } from '../../lib/regular-file.ts';

export interface TokenSources {
  /** From the environment. */
  readonly given: string | undefined;
  /** A file that the user names. */
  readonly file: string | undefined;
  /** Where a generated one is kept, so that clients need no other configuration after a restart. */
  readonly ownFile: string;
}

export interface Token {
  readonly value: string;
  /** Where it is, to tell the user. Never the token itself. */
  readonly place: string;
}

const MIN_TOKEN_CHARS = 16;
const TOKEN_BYTES = 32;

/** Returns the token that clients must send: the given one, that of a file, or one that is generated once. Rejects with a UserError. */
export async function loadToken({ given, file, ownFile }: TokenSources): Promise<Token> {
  if (file !== undefined) return { value: await readToken(file), place: file };
  if (given) return { value: check(given, '$OCR_MCP_TOKEN'), place: '$OCR_MCP_TOKEN' };
  if (existsSync(ownFile)) return { value: await readToken(ownFile), place: ownFile };
  const value = randomBytes(TOKEN_BYTES).toString('base64url');
  await writePrivateFile(ownFile, `${value}\n`);
  return { value, place: ownFile };
}

async function readToken(file: string): Promise<string> {
  try {
    return check((await readRegularFile(file)).trim(), file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file}: the token cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function check(token: string, place: string): string {
  if (/^[\x21-\x7e]+$/.test(token) && token.length >= MIN_TOKEN_CHARS) return token;
  throw new UserError(`${place}: a token must have at least ${MIN_TOKEN_CHARS} visible characters and no spaces`);
}
