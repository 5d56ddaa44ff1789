import ssh2, { type ParsedKey } from 'ssh2';
import type { SshOptions } from '../../domain/host.ts';
import type { Prompt } from '../../domain/question.ts';
import { messageOf } from '../../lib/errors.ts';
import { readPublicKey } from '../host-keys/host-key-blob.ts';
import { type AgentIdentity, listAgentIdentities } from './agent-identities.ts';
import { readIdentityFile } from './identity-file.ts';
import { readPrivateKey } from './private-key.ts';
import type { Secrets } from './secrets.ts';

/** Asks the user; `null` is a refusal. */
export type Ask = (title: string, instruction: string, prompts: readonly Prompt[]) => Promise<readonly string[] | null>;

/** A key to authenticate with. */
export interface Identity {
  /** Shown to the user: the file, or the comment in the agent. */
  readonly label: string;
  /** The public key's blob. */
  readonly blob: Buffer;
  /** Signs with the hash that ssh2 names (`sha256`, ...). `ask` is for a passphrase. Rejects with the reason. */
  sign(data: Buffer, hash: string | undefined, ask: Ask | null): Promise<Buffer>;
  /** True if the key needs the user first. */
  readonly locked: () => boolean;
}

/** The keys for public key authentication. */
export interface Identities {
  /** In OpenSSH's order. */
  readonly list: readonly Identity[];
  /** Why some keys are not used. */
  readonly notes: readonly string[];
  /**
   * Keys that only the system's ssh can use: certificates, security keys, and keys whose passphrase is in the keychain.
   */
  readonly opensshOnly: readonly string[];
}

/** Prompts for one passphrase; OpenSSH's default for NumberOfPasswordPrompts. */
const MAX_PASSPHRASE_PROMPTS = 3;

/**
 * Gathers the keys as pubkey_prepare in OpenSSH's sshconnect2.c does: first the agent's keys that the configuration
 * names, then the agent's others (none with IdentitiesOnly), then the files.
 */
export async function loadIdentities(
  options: SshOptions,
  environment: NodeJS.ProcessEnv,
  secrets: Secrets,
  ask: Ask | null,
  signal: AbortSignal,
): Promise<Identities> {
  const notes: string[] = [];
  const opensshOnly: string[] = [];
  const socket = agentSocket(options, environment);
  const held = socket === null ? [] : await askAgent(socket, notes, signal);
  const named = new Set<string>();
  const files: Identity[] = [];
  for (const path of options.identityFiles) {
    const file = await readIdentityFile(path);
    switch (file.kind) {
      case 'missing':
        break;
      case 'unusable':
        notes.push(file.reason);
        break;
      case 'openssh-only':
        opensshOnly.push(`${path} (${file.what})`);
        break;
      case 'public':
        named.add(file.publicKey.toString('base64'));
        break;
      case 'plain':
        named.add(file.key.getPublicSSH().toString('base64'));
        files.push(plainIdentity(path, file.key));
        break;
      case 'encrypted': {
        if (options.useKeychain && secrets.key(path, file.content) === undefined) {
          opensshOnly.push(`${path} (its passphrase may be in the keychain)`);
          if (file.publicKey !== null) named.add(file.publicKey.toString('base64'));
          break;
        }
        const publicKey = file.publicKey ?? (await unlock(path, file.content, secrets, ask))?.getPublicSSH();
        if (publicKey === undefined) {
          notes.push(`${path} is encrypted and has no .pub file beside it`);
          break;
        }
        named.add(publicKey.toString('base64'));
        files.push(encryptedIdentity(path, file.content, publicKey, secrets));
      }
    }
  }
  const usable = held.filter((identity) => {
    if (!/^sk-|-cert-/.test(identity.type)) return true;
    opensshOnly.push(`${identity.comment} (${identity.type}, in the agent)`);
    return false;
  });
  const isNamed = ({ blob }: { blob: Buffer }) => named.has(blob.toString('base64'));
  const ofAgent = socket === null ? [] : usable.map((identity) => agentIdentity(socket, identity));
  const others = options.identitiesOnly ? [] : ofAgent.filter((identity) => !isNamed(identity));
  const inAgent = new Set(ofAgent.map(({ blob }) => blob.toString('base64')));
  const all = [
    ...ofAgent.filter(isNamed),
    ...others,
    ...files.filter((identity) => !inAgent.has(identity.blob.toString('base64'))),
  ];
  const list = all.filter((identity) => {
    const reason = disallowedReason(identity.blob, options);
    if (reason !== null) notes.push(`${identity.label} is not used: ${reason}`);
    return reason === null;
  });
  return { list, notes, opensshOnly };
}

/** Returns why the configuration rejects a key; `null` if it does not. */
function disallowedReason(blob: Buffer, { algorithms, requiredRsaSize }: SshOptions): string | null {
  const key = readPublicKey(blob);
  if (key === null) return 'ssh would not accept it as a key';
  if (key.type === 'ssh-rsa' && key.bits < requiredRsaSize) return `RequiredRSASize is ${requiredRsaSize}`;
  const signatures = key.type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [key.type];
  const { publicKeys } = algorithms;
  // An ssh that lists none uses its default, which contains all of these.
  if (publicKeys.length === 0 || signatures.some((name) => publicKeys.includes(name))) return null;
  return `PubkeyAcceptedAlgorithms allows no ${key.type}`;
}

/** Returns the path of the agent's socket, if there is an agent to ask. */
export function agentSocket(options: SshOptions, environment: NodeJS.ProcessEnv): string | null {
  const socket = options.identityAgent === undefined ? environment.SSH_AUTH_SOCK : options.identityAgent;
  return socket === undefined || socket === '' ? null : socket;
}

async function askAgent(socket: string, notes: string[], signal: AbortSignal): Promise<readonly AgentIdentity[]> {
  try {
    return await listAgentIdentities(socket, signal);
  } catch (error) {
    notes.push(`the ssh-agent at ${socket} cannot be used: ${messageOf(error)}`);
    return [];
  }
}

function agentIdentity(socket: string, { blob, comment }: AgentIdentity): Identity {
  return {
    label: `${comment} (ssh-agent)`,
    blob,
    locked: () => false,
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        const key = ssh2.utils.parseKey(blob);
        if (key instanceof Error) return reject(key);
        // ssh2's types lack `hash` here; its agent client takes it (agent.js, sign).
        const options: object = hash === undefined ? {} : { hash };
        ssh2.createAgent(socket).sign(key, data, options, (error, signature) => {
          if (error || signature === undefined) reject(error ?? new Error('the agent gave no signature'));
          else resolve(signature);
        });
      }),
  };
}

function plainIdentity(path: string, key: ParsedKey): Identity {
  return {
    label: path,
    blob: key.getPublicSSH(),
    locked: () => false,
    sign: async (data, hash) => signWith(key, data, hash),
  };
}

function encryptedIdentity(path: string, content: Buffer, blob: Buffer, secrets: Secrets): Identity {
  return {
    label: path,
    blob,
    locked: () => secrets.key(path, content) === undefined,
    sign: async (data, hash, ask) => {
      const key = await unlock(path, content, secrets, ask);
      if (key === null) throw new Error(`${path} is encrypted`);
      return signWith(key, data, hash);
    },
  };
}

/** Returns the decrypted key, from memory or by asking for its passphrase; `null` if there is no answer. */
async function unlock(path: string, content: Buffer, secrets: Secrets, ask: Ask | null): Promise<ParsedKey | null> {
  const known = secrets.key(path, content);
  if (known !== undefined) return known;
  for (let attempt = 0; attempt < MAX_PASSPHRASE_PROMPTS && ask !== null; attempt += 1) {
    const instruction = attempt === 0 ? '' : 'That passphrase did not work.';
    const answers = await ask(`Passphrase of ${path}`, instruction, [{ text: 'Passphrase:', echo: false }]);
    if (answers === null) return null;
    const reading = readPrivateKey(content, answers[0]);
    if (reading.kind !== 'key') continue;
    secrets.keepKey(path, content, reading.key);
    return reading.key;
  }
  return null;
}

/** ssh2 returns errors instead of throwing them. */
function signWith(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
  const signature: Buffer | Error = key.sign(data, hash);
  if (signature instanceof Error) throw signature;
  return signature;
}
