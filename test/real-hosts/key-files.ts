import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const PASSPHRASE = 'a passphrase';

/** A key of each type that ssh makes by default, in OpenSSH's format without a passphrase. */
export const KEY_TYPES = ['rsa', 'ecdsa-256', 'ecdsa-384', 'ecdsa-521', 'ed25519'] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** The same key in another format. */
export type KeyFormat = 'openssh' | 'pem' | 'pkcs8' | 'openssl-pkcs8' | 'des3-pem' | 'scrypt-pkcs8' | 'ec-parameters';

export interface KeyFile {
  readonly name: string;
  readonly path: string;
  readonly encrypted: boolean;
}

/** Makes a key and gives its line for authorized_keys. */
export async function makeBaseKey(folder: string, type: KeyType): Promise<string> {
  const [kind = '', bits] = type.split('-');
  const size = kind === 'rsa' ? ['-b', '2048'] : bits === undefined ? [] : ['-b', bits];
  const path = join(folder, type);
  await run('ssh-keygen', ['-q', '-t', kind, ...size, '-N', '', '-C', `odd "comment" 'é' # $(x)`, '-f', path]);
  return (await readFile(`${path}.pub`, 'utf8')).trim();
}

/** An Ed25519 key that openssl made, which ssh-keygen cannot write as PKCS#8, and its line for authorized_keys. */
export async function makeOpensslEd25519(path: string, encryption: readonly string[] = []): Promise<string> {
  await run('openssl', ['genpkey', '-algorithm', 'ed25519', ...encryption, '-out', path]);
  const pem = { key: await readFile(path), passphrase: PASSPHRASE };
  const { x = '' } = createPublicKey(pem).export({ format: 'jwk' });
  const fields = [Buffer.from('ssh-ed25519'), Buffer.from(x, 'base64url')].flatMap((content) => [
    Buffer.from([0, 0, 0, content.length]),
    content,
  ]);
  return `ssh-ed25519 ${Buffer.concat(fields).toString('base64')}`;
}

/** Writes a base key in that format, without a `.pub` beside it. */
export async function convertKey(
  folder: string,
  type: KeyType,
  format: KeyFormat,
  passphrase = '',
  options: readonly string[] = [],
): Promise<string> {
  const path = join(folder, [type, format, passphrase === '' ? 'plain' : 'locked', ...options].join('_'));
  await copyFile(join(folder, type), path);
  const rewrite = (...more: string[]) =>
    run('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, ...options, ...more, '-f', path]);
  // openssl reads no key of OpenSSH's own format.
  const viaPem = async (...command: string[]) => {
    await run('ssh-keygen', ['-q', '-p', '-P', '', '-N', '', '-m', 'PEM', '-f', path]);
    await run('openssl', [...command, '-in', path, '-out', `${path}.out`]);
    await copyFile(`${path}.out`, path);
  };
  const secret = passphrase === '' ? [] : ['-passout', `pass:${passphrase}`];
  const family = type === 'rsa' ? 'rsa' : 'ec';
  const convert: Record<KeyFormat, () => Promise<unknown>> = {
    openssh: () => rewrite(),
    pem: () => rewrite('-m', 'PEM'),
    pkcs8: () => rewrite('-m', 'PKCS8'),
    'openssl-pkcs8': () => viaPem('pkcs8', '-topk8', ...(passphrase === '' ? ['-nocrypt'] : secret)),
    'scrypt-pkcs8': () => viaPem('pkcs8', '-topk8', '-scrypt', ...secret),
    'des3-pem': () => viaPem(family, ...(type === 'rsa' ? ['-traditional'] : []), '-des3', ...secret),
    'ec-parameters': async () => {
      await viaPem('ec', '-param_out');
      const parameters = await readFile(path, 'utf8');
      await copyFile(join(folder, type), path);
      await rewrite('-m', 'PEM');
      await writeFile(path, parameters + (await readFile(path, 'utf8')));
    },
  };
  await convert[format]();
  return path;
}

/** Damage to a file by editors, Windows and copying. */
export const ODDITIES: Readonly<Record<string, (text: string) => string>> = {
  'Windows line ends': (text) => text.replaceAll('\n', '\r\n'),
  'a byte order mark': (text) => `\ufeff${text}`,
  'no final line end': (text) => text.trimEnd(),
  'an empty first line': (text) => `\n${text}`,
  'text before it': (text) => `Key of the build machine:\n${text}`,
  'text after it': (text) => `${text}end of the key\n`,
  indentation: (text) => text.replaceAll(/^/gm, '  '),
};
