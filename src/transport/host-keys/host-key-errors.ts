import { quoteArgument } from '../../lib/shell-quote.ts';
import { TransportError } from '../transport.ts';
import { fingerprintOf } from './host-key-blob.ts';
import type { KnownHostsEntry } from './known-hosts.ts';
import { NO_RECORD } from './known-hosts-file.ts';

/** A key presented by a host. */
export interface ShownKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** Where an unknown key could be recorded. */
export interface PlaceOfRecord {
  readonly name: string;
  /** `NO_RECORD` if nowhere. */
  readonly file: string;
}

/** The key is not on record. `strict` is StrictHostKeyChecking `yes`, with which ssh would not record it either. */
export function unknownKeyError(key: ShownKey, { name, file }: PlaceOfRecord, strict: boolean): TransportError {
  const line = quoteArgument(`${name} ${key.type} ${key.blob.toString('base64')}`);
  const advice = strict
    ? `StrictHostKeyChecking is yes. Compare it with the host's own, then: echo ${line} >> ${quoteArgument(file)}`
    : `Compare it with the host's own; then authenticate here, or connect once with ssh, to record it in ${file}.`;
  const hint = [
    `The host shows ${describeKey(key)}.`,
    file === NO_RECORD ? 'UserKnownHostsFile names no file in which it could be recorded.' : advice,
  ];
  return new TransportError('host-key-unknown', `it shows ${describeKey(key)}`, { hint: hint.join('\n') });
}

/** Another key is on record under that name, in that entry. */
export function changedKeyError(key: ShownKey, name: string, entry: KnownHostsEntry): TransportError {
  const hint = [
    `The host shows ${describeKey(key)}, which differs from ${placeOf(entry)}. Someone may be intercepting the connection, or the host was reinstalled.`,
    `If you are sure of the new key: ssh-keygen -R ${quoteArgument(name)} -f ${quoteArgument(entry.file)}`,
  ];
  return new TransportError('host-key-changed', `not the one in ${placeOf(entry)}`, { hint: hint.join('\n') });
}

/** The entry revokes the key. `ssh-keygen -R` does not remove such lines, so no command is offered. */
export function revokedKeyError(key: ShownKey, entry: KnownHostsEntry): TransportError {
  const hint = [
    `The host shows ${describeKey(key)}, which is revoked in ${placeOf(entry)}. Someone may be using a stolen key.`,
    'If you trust it anyway, remove that line from the file.',
  ];
  return new TransportError('host-key-changed', `revoked by ${placeOf(entry)}`, { hint: hint.join('\n') });
}

/** `ssh-ed25519 SHA256:...` */
export function describeKey({ type, blob }: ShownKey): string {
  return `${type} ${fingerprintOf(blob)}`;
}

/** `FILE:LINE` */
export function placeOf({ file, line }: KnownHostsEntry): string {
  return `${file}:${line}`;
}
