import { codeOf, messageOf } from '../../lib/errors.ts';
import { runProgram } from '../../lib/run-program.ts';
import { TransportError } from '../transport.ts';

/** Features of an installed ssh. */
export interface SshFeatures {
  /** ForkAfterAuthentication, SessionType and StdinNull are options: since OpenSSH 8.7. */
  readonly sessionOptions: boolean;
  /** SSH_ASKPASS_REQUIRE, which needs no display: since OpenSSH 8.4. */
  readonly askpassRequire: boolean;
  /** LogVerbose: since OpenSSH 8.5. */
  readonly logVerbose: boolean;
  /** Prompts of the server start with `(user@host) `: since OpenSSH 8.5. */
  readonly marksServerPrompts: boolean;
}

/** Reads the features from what `ssh -V` prints, such as `OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19`. */
export function parseSshFeatures(version: string): SshFeatures {
  const found = /OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/.exec(version);
  const number = Number(found?.[1] ?? 0) * 100 + Number(found?.[2] ?? 0);
  return {
    sessionOptions: number >= 807,
    askpassRequire: number >= 804,
    logVerbose: number >= 805,
    marksServerPrompts: number >= 805,
  };
}

const VERSION_TIMEOUT_MS = 10_000;

let features: Promise<SshFeatures> | undefined;

/** Returns the features of the system's ssh; asks it once. Rejects with a TransportError if it is not installed. */
export function loadSshFeatures(): Promise<SshFeatures> {
  features ??= askVersion().catch((error: unknown) => {
    features = undefined;
    throw error;
  });
  return features;
}

async function askVersion(): Promise<SshFeatures> {
  try {
    const { code, killer, stderr } = await runProgram('ssh', ['-V'], { timeout: VERSION_TIMEOUT_MS });
    if (code !== 0) throw new Error(`ended with ${killer ?? code}`);
    return parseSshFeatures(stderr);
  } catch (error) {
    const missing = codeOf(error) === 'ENOENT';
    const message = missing ? 'the ssh program is not installed' : `ssh does not run: ${messageOf(error)}`;
    throw new TransportError('blocked', message, { cause: error });
  }
}
