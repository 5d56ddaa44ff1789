import { convertKey, KEY_TYPES, type KeyFormat, type KeyType, ODDITIES, PASSPHRASE } from './key-files.ts';

/** ssh reads these since OpenSSH 9.6 only. */
export const opensslRows = [
  ['ed25519 openssl-pkcs8', []],
  ['ed25519 openssl-pkcs8 encrypted', ['-aes256', '-pass', `pass:${PASSPHRASE}`]],
] as const satisfies readonly (readonly [string, readonly string[]])[];

export type KeyRow = readonly [name: string, make: (folder: string) => Promise<string>, passphrase: string];

/** Every type in every format that ssh-keygen and openssl write it in. */
export const keyRows: readonly KeyRow[] = [
  ...KEY_TYPES.flatMap((type) => [
    row(type, 'openssh'),
    row(type, 'openssh', PASSPHRASE),
    ...(type === 'ed25519'
      ? []
      : (['pem', 'pkcs8', 'openssl-pkcs8'] as const).flatMap((format) => [
          row(type, format),
          row(type, format, PASSPHRASE),
        ])),
  ]),
  row('rsa', 'des3-pem', PASSPHRASE),
  row('ecdsa-256', 'des3-pem', PASSPHRASE),
  row('rsa', 'scrypt-pkcs8', PASSPHRASE),
  row('ecdsa-256', 'ec-parameters'),
  ...['aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', '3des-cbc'].map((cipher) =>
    row('ed25519', 'openssh', PASSPHRASE, ['-Z', cipher]),
  ),
];

function row(type: KeyType, format: KeyFormat, passphrase = '', options: readonly string[] = []): KeyRow {
  const name = [type, format, ...options, ...(passphrase === '' ? [] : ['encrypted'])].join(' ');
  return [name, (folder) => convertKey(folder, type, format, passphrase, options), passphrase];
}

/** The formats in which one character too many or too few may matter. */
const oddBases = [
  ['ed25519', 'openssh'],
  ['rsa', 'pem'],
  ['rsa', 'pkcs8'],
  ['ecdsa-256', 'pkcs8'],
] as const satisfies readonly (readonly [KeyType, KeyFormat])[];
export const oddRows = oddBases.flatMap(([type, format]) =>
  Object.keys(ODDITIES).map((oddity): readonly [string, KeyType, KeyFormat, string] => [
    `${type} ${format} with ${oddity}`,
    type,
    format,
    oddity,
  ]),
);
