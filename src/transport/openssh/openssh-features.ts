import { execFile } from 'node:child_process';
import { codeOf, messageOf } from '../../lib/errors.ts';
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

let features: Promise<SshFeatures> | undefined;

/** Returns the features of the system's ssh; asks it once. Rejects with a TransportError if it is not installed. */
export function loadSshFeatures(): Promise<SshFeatures> {
  features ??= new Promise((resolve, reject) => {
    execFile('ssh', ['-V'], { timeout: 10_000 }, (error, _stdout, stderr) => {
      if (error === null) return resolve(parseSshFeatures(stderr));
      features = undefined;
      const missing = codeOf(error) === 'ENOENT';
      const message = missing ? 'the ssh program is not installed' : `ssh does not run: ${messageOf(error)}`;
      reject(new TransportError('blocked', message, { cause: error }));
    });
  });
  return features;
}
