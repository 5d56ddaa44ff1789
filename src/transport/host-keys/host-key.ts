import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { HostKeyPolicy, SshOptions } from '../../domain/host.ts';
import type { HostKeyQuestion } from '../../domain/question.ts';
import { TransportError } from '../transport.ts';
import { allowsCertificates, orderAlgorithms } from './host-key-algorithms.ts';
import { fingerprintOf, type PublicKey, readPublicKey } from './host-key-blob.ts';
import { changedKeyError, describeKey, placeOf, revokedKeyError, unknownKeyError } from './host-key-errors.ts';
import { judgeHostKey, type KnownHostsEntry, knownHostsName, matchingEntries } from './known-hosts.ts';
import { loadKnownHosts, NO_RECORD, recordHostKey } from './known-hosts-file.ts';
import { drawRandomart } from './randomart.ts';

/** Number of places shown that have the same key. */
const MAX_KNOWN_AS = 5;

/** What to do about a key that a host presents. */
export type HostKeyJudgement =
  /** On record. `note` tells the user more about it. */
  | { readonly kind: 'trusted'; readonly note: string | null }
  /**
   * Policy `no`, and another key is on record: ssh connects, but without password, keyboard-interactive or agent
   * forwarding.
   */
  | { readonly kind: 'trusted-changed'; readonly note: string }
  /** Not on record, and the policy records it without asking. */
  | { readonly kind: 'add'; readonly question: HostKeyQuestion; record(): Promise<void> }
  /** Not on record: recorded if the user agrees. `error` applies if no user can be asked. */
  | {
      readonly kind: 'ask';
      readonly question: HostKeyQuestion;
      readonly error: TransportError;
      record(): Promise<void>;
    }
  | { readonly kind: 'refused'; readonly error: TransportError };

/** Checks the key of one host against known_hosts. */
export interface HostKeyCheck {
  /**
   * Types of key on record come first, so that the server presents one that can be compared. Empty if ssh2 supports
   * none that the configuration allows.
   */
  readonly algorithms: ServerHostKeyAlgorithm[];
  /** The authority for a host without a key on record. Only the system's ssh can check certificates. */
  readonly certificateAuthority: KnownHostsEntry | null;
  /** Entries that revoke keys of the host. */
  readonly revocations: readonly KnownHostsEntry[];
  /**
   * True if no key of the host is on record and UserKnownHostsFile is `none`. ssh 9.2 refuses that under any policy;
   * other versions may not.
   */
  readonly hasNoPlaceOfRecord: boolean;
  /** False if nothing is ever recorded (`/dev/null`, or no file): every new connection meets an unknown key. */
  readonly keepsRecord: boolean;
  /** Judges a key's blob. `record` adds it to the file that the question names and rejects with a UserError. */
  judge(key: Buffer): HostKeyJudgement;
}

/** The facts known about a host, with their sources. */
interface Evidence {
  readonly alias: string;
  readonly name: string;
  readonly policy: HostKeyPolicy;
  readonly requiredRsaSize: number;
  /** Where and how an unknown key would be recorded. */
  readonly file: string;
  readonly hash: boolean;
  readonly entries: readonly KnownHostsEntry[];
  readonly matching: readonly KnownHostsEntry[];
  /** Entries for the host without its port. As with ssh, they count only for an identical key. */
  readonly matchingBare: readonly KnownHostsEntry[];
}

/** Reads the known_hosts files that a host is checked against. Unreadable files have no entries. */
export async function loadHostKeyCheck(options: SshOptions, alias: string): Promise<HostKeyCheck> {
  const files = [...options.userKnownHostsFiles, ...options.globalKnownHostsFiles];
  const entries = (await Promise.all(files.map(loadKnownHosts))).flat();
  const name = knownHostsName(options.hostname, options.port, options.hostKeyAlias);
  const bareName = knownHostsName(options.hostname, 22, options.hostKeyAlias);
  const evidence: Evidence = {
    alias,
    name,
    policy: options.hostKeyPolicy,
    requiredRsaSize: options.requiredRsaSize,
    file: options.userKnownHostsFiles[0] ?? NO_RECORD,
    hash: options.hashKnownHosts,
    entries,
    matching: matchingEntries(entries, name),
    matchingBare: name === bareName ? [] : matchingEntries(entries, bareName),
  };
  const onRecord = typesOnRecord(evidence);
  const allowed = options.algorithms.hostKeys;
  return {
    algorithms: orderAlgorithms(allowed, onRecord),
    certificateAuthority: onRecord.size === 0 && allowsCertificates(allowed) ? findAuthority(evidence) : null,
    revocations: [...evidence.matching, ...evidence.matchingBare].filter(({ marker }) => marker === 'revoked'),
    hasNoPlaceOfRecord: onRecord.size === 0 && options.userKnownHostsFiles.length === 0,
    keepsRecord: evidence.file !== NO_RECORD,
    judge: (key) => judge(key, evidence),
  };
}

/** Entries without the port count only if there are none with it. */
function typesOnRecord({ matching, matchingBare }: Evidence): ReadonlySet<string> {
  const own = matching.filter(({ marker }) => marker === null);
  const plain = own.length > 0 ? own : matchingBare.filter(({ marker }) => marker === null);
  return new Set(plain.map(({ keyType }) => keyType));
}

function findAuthority({ matching, matchingBare }: Evidence): KnownHostsEntry | null {
  return [...matching, ...matchingBare].find(({ marker }) => marker === 'cert-authority') ?? null;
}

/**
 * Follows check_host_key() in OpenSSH's sshconnect.c, except that a revoked key is always refused, whatever the policy,
 * even if the name with the port has no entry.
 */
function judge(blob: Buffer, evidence: Evidence): HostKeyJudgement {
  const parsed = readPublicKey(blob);
  if (parsed === null) {
    return {
      kind: 'refused',
      error: new TransportError('protocol', 'its host key is malformed, or too short for ssh'),
    };
  }
  if (parsed.type === 'ssh-rsa' && parsed.bits < evidence.requiredRsaSize) {
    const reason = `its RSA key has ${parsed.bits} bits, and RequiredRSASize is ${evidence.requiredRsaSize}`;
    return { kind: 'refused', error: new TransportError('protocol', reason) };
  }
  const key = { type: parsed.type, blob };
  const { matching, matchingBare, name, policy } = evidence;
  const verdict = judgeHostKey(matching, key.type, blob.toString('base64'));
  if (verdict.kind === 'revoked') return { kind: 'refused', error: revokedKeyError(key, verdict.entry) };
  if (verdict.kind === 'known') return { kind: 'trusted', note: null };
  if (verdict.kind === 'changed') {
    if (policy !== 'no') return { kind: 'refused', error: changedKeyError(key, name, verdict.entry) };
    const note = `its host key ${describeKey(key)} is not the one in ${placeOf(verdict.entry)}, and StrictHostKeyChecking is no`;
    return { kind: 'trusted-changed', note };
  }
  const bare = judgeHostKey(matchingBare, key.type, blob.toString('base64'));
  if (bare.kind === 'revoked') return { kind: 'refused', error: revokedKeyError(key, bare.entry) };
  if (bare.kind === 'known') {
    return { kind: 'trusted', note: `its host key is on record without the port, in ${placeOf(bare.entry)}` };
  }
  return judgeUnknown(blob, parsed, evidence);
}

function judgeUnknown(key: Buffer, parsed: PublicKey, evidence: Evidence): HostKeyJudgement {
  const { policy, alias, name, file, hash } = evidence;
  const error = unknownKeyError({ type: parsed.type, blob: key }, { name, file }, policy === 'yes');
  if (policy === 'yes') return { kind: 'refused', error };
  const question: HostKeyQuestion = {
    kind: 'host-key',
    host: alias,
    name,
    keyType: parsed.type,
    fingerprint: fingerprintOf(key),
    randomart: drawRandomart(key, parsed),
    knownAs: otherNames(key, evidence.entries),
    file,
  };
  const record = () => recordHostKey({ name, key, file, hash });
  return policy === 'ask' ? { kind: 'ask', question, error, record } : { kind: 'add', question, record };
}

function otherNames(key: Buffer, entries: readonly KnownHostsEntry[]): string[] {
  const blob = key.toString('base64');
  return entries
    .filter((entry) => entry.marker === null && entry.key === blob)
    .slice(0, MAX_KNOWN_AS)
    .map((entry) => `${entry.hosts.startsWith('|') ? '(hashed name)' : entry.hosts} (${placeOf(entry)})`);
}
