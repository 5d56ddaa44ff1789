import type { HostKeyPolicy, SshOptions } from '../domain/host.ts';
import { parseProxyJump } from '../domain/jump.ts';
import { readAuthenticationMethods } from './authentication-methods.ts';
import { destinationTokens, expandPath, expandTokens } from './option-tokens.ts';
import { pathTokens } from './path-tokens.ts';
import {
  allValues,
  commaList,
  firstValue,
  isOn,
  numberOf,
  pathList,
  readSshOutput,
  type SshOutput,
} from './ssh-output.ts';
import type { LocalMachine } from './this-machine.ts';
import { listUnusualOptions } from './unusual-options.ts';

const MAX_PORT = 65_535;

/**
 * Parses the output of `ssh -G ALIAS`. `defaults` is the same ssh's output without a configuration. Expands the tokens
 * of ProxyJump, and paths that ssh expands only when it uses them. Returns `null` on any other text.
 */
export function parseSshOptions(
  text: string,
  alias: string,
  defaults: SshOutput,
  machine: LocalMachine,
): SshOptions | null {
  const output = readSshOutput(text);
  const hostname = firstValue(output, 'hostname');
  const user = firstValue(output, 'user');
  const port = numberOf(output, 'port', 0);
  if (hostname === null || user === null || port < 1 || port > MAX_PORT) return null;
  // ssh takes `user@` off a name.
  const host = { alias: firstValue(output, 'host') ?? alias, hostname, port, user };
  const jump = firstValue(output, 'proxyjump');
  const proxyJump = jump === null ? null : expandTokens(jump, destinationTokens(host));
  const hostKeyAlias = firstValue(output, 'hostkeyalias');
  const tokens = pathTokens({ ...host, hostKeyAlias, jumpHost: readJumpHost(proxyJump, output) }, machine);
  const path = (raw: string) => expandPath(raw, tokens, machine);
  // Since OpenSSH 8.4 or so, all paths but those of keys are printed expanded, and a remaining `%` is literal.
  const leavesPaths = firstValue(defaults, 'userknownhostsfile')?.startsWith('~') === true;
  const pathIfLeft = leavesPaths ? path : (printed: string) => printed;
  const controlPath = firstValue(output, 'controlpath');
  return {
    hostname,
    port,
    user,
    addressFamily: readAddressFamily(output),
    bindAddress: firstValue(output, 'bindaddress'),
    connectTimeout: numberOf(output, 'connecttimeout', 0) * 1000 || null,
    connectionAttempts: numberOf(output, 'connectionattempts', 1),
    serverAliveInterval: numberOf(output, 'serveraliveinterval', 0) * 1000,
    serverAliveCountMax: numberOf(output, 'serveralivecountmax', 3),
    proxyJump,
    proxyCommand: firstValue(output, 'proxycommand'),
    userKnownHostsFiles: pathList(output, 'userknownhostsfile').map(pathIfLeft),
    globalKnownHostsFiles: pathList(output, 'globalknownhostsfile'),
    hostKeyAlias,
    hostKeyPolicy: readHostKeyPolicy(output),
    hashKnownHosts: isOn(output, 'hashknownhosts'),
    identityFiles: allValues(output, 'identityfile').map(path),
    certificateFiles: allValues(output, 'certificatefile').map(path),
    identitiesOnly: isOn(output, 'identitiesonly'),
    useKeychain: isOn(output, 'usekeychain'),
    identityAgent: readIdentityAgent(output, pathIfLeft, machine),
    authenticationMethods: readAuthenticationMethods(output),
    passwordPrompts: numberOf(output, 'numberofpasswordprompts', 3),
    forwardAgent: readForwardAgent(output, pathIfLeft, machine),
    algorithms: {
      ciphers: commaList(output, 'ciphers'),
      macs: commaList(output, 'macs'),
      kex: commaList(output, 'kexalgorithms'),
      hostKeys: commaList(output, 'hostkeyalgorithms'),
      publicKeys: [...commaList(output, 'pubkeyacceptedalgorithms'), ...commaList(output, 'pubkeyacceptedkeytypes')],
    },
    requiredRsaSize: numberOf(output, 'requiredrsasize', MIN_RSA_BITS),
    compression: isOn(output, 'compression'),
    setEnv: readSetEnv(output),
    sendEnv: allValues(output, 'sendenv').flatMap((names) => names.split(' ')),
    controlPath: controlPath === null ? null : pathIfLeft(controlPath),
    ...listUnusualOptions(output, defaults),
  };
}

/** The limit of OpenSSH without RequiredRSASize (before 9.1). */
const MIN_RSA_BITS = 1024;

/** OpenSSH counts the last hop into `%C` since 9.6, the version that brought ChannelTimeout. */
function readJumpHost(proxyJump: string | null, output: SshOutput): string | null {
  if (proxyJump === null || !output.has('channeltimeout')) return null;
  return parseProxyJump(proxyJump)?.at(-1)?.host ?? null;
}

function readAddressFamily(output: SshOutput): SshOptions['addressFamily'] {
  const family = firstValue(output, 'addressfamily');
  return family === 'inet' || family === 'inet6' ? family : 'any';
}

/** In BatchMode ssh cannot ask, and refuses. */
function readHostKeyPolicy(output: SshOutput): HostKeyPolicy {
  const policy = firstValue(output, 'stricthostkeychecking');
  if (policy === 'true' || policy === 'yes') return 'yes';
  if (policy === 'false' || policy === 'no' || policy === 'off') return 'no';
  if (policy === 'accept-new') return 'accept-new';
  return isOn(output, 'batchmode') ? 'yes' : 'ask';
}

type ExpandPath = (printed: string) => string;

function readIdentityAgent(output: SshOutput, path: ExpandPath, machine: LocalMachine): string | null | undefined {
  const agent = output.get('identityagent')?.[0];
  if (agent === undefined || agent === 'SSH_AUTH_SOCK') return undefined;
  if (agent.toLowerCase() === 'none') return null;
  return readVariable(agent, machine) ?? (agent.startsWith('$') ? null : path(agent));
}

function readForwardAgent(output: SshOutput, path: ExpandPath, machine: LocalMachine): boolean | string {
  const value = firstValue(output, 'forwardagent');
  if (value === null || value === 'no' || value === 'false') return false;
  if (value === 'yes' || value === 'true') return true;
  return readVariable(value, machine) ?? (value.startsWith('$') ? false : path(value));
}

/** Returns the value of `$NAME` or `${NAME}`; `null` if it is unset, or `text` is not such a reference. */
function readVariable(text: string, machine: LocalMachine): string | null {
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(text);
  return name === null ? null : (machine.environment[name[1] ?? name[2] ?? ''] ?? null);
}

/** One `setenv NAME=value` for each, unquoted. */
function readSetEnv(output: SshOutput): Record<string, string> {
  const entries = allValues(output, 'setenv').map((entry): [string, string] => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return Object.fromEntries(entries.filter(([name]) => name !== ''));
}
