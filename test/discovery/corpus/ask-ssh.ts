import { execFile, spawnSync } from 'node:child_process';

/** True when the program ssh is there. */
export const hasSsh = spawnSync('ssh', ['-V']).status === 0;

export interface SshAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs ssh and gives what it says, whatever its status. */
export function askSsh(...parameters: string[]): Promise<SshAnswer> {
  return new Promise((resolve) => {
    const child = execFile('ssh', parameters, { timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The paths of keys and of certificates that `ssh -v` says it looks for, without the certificates that it looks for beside keys. */
export async function askForKeys(
  config: string,
  name: string,
): Promise<{ identities: string[]; certificates: string[] }> {
  // Neither connects anywhere nor waits for a proxy that hands over a descriptor.
  const noProxy = ['-o', 'ProxyCommand=false', '-o', 'ProxyUseFdpass=no', '-o', 'PKCS11Provider=none'];
  const { stderr } = await askSsh('-F', config, '-v', ...noProxy, '--', name);
  const found = (kind: string) => [...stderr.matchAll(new RegExp(`^debug1: ${kind} file (.*) type -?\\d+\\r?$`, 'gm'))];
  const listed = found('identity').map((match) => match[1]!);
  const certificates = found('certificate').map((match) => match[1]!);
  // To ssh it is the name of a file; a user who writes it means that there is none.
  if (certificates.join() === 'none') return { identities: listed, certificates: [] };
  if (certificates.length > 0) return { identities: listed, certificates };
  return { identities: listed.filter((_path, index) => index % 2 === 0), certificates };
}

/** Where `ssh -O check` looks for a master; `null` when it looks for none. */
export async function askForControlPath(config: string, name: string): Promise<string | null> {
  const { stderr } = await askSsh('-F', config, '-O', 'check', '--', name);
  return /^Control socket connect\((.*)\): /m.exec(stderr)?.[1] ?? null;
}
