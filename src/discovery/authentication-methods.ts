import { AUTHENTICATION_METHODS, type AuthenticationMethod } from '../domain/host.ts';
import { firstValue, isOn, type SshOutput } from './ssh-output.ts';

/** The keywords that switch a method on. The second one for `keyboard-interactive` is printed before OpenSSH 8.7 only. */
const SWITCHES: Readonly<Record<AuthenticationMethod, readonly string[]>> = {
  'gssapi-with-mic': ['gssapiauthentication'],
  hostbased: ['hostbasedauthentication'],
  publickey: ['pubkeyauthentication'],
  'keyboard-interactive': ['kbdinteractiveauthentication', 'challengeresponseauthentication'],
  password: ['passwordauthentication'],
};
/** Methods that prompt the user, which ssh omits in BatchMode. */
const ASKING: ReadonlySet<AuthenticationMethod> = new Set(['keyboard-interactive', 'password']);

/** The methods that are switched on, in the order of PreferredAuthentications. */
export function readAuthenticationMethods(output: SshOutput): AuthenticationMethod[] {
  const preferred = firstValue(output, 'preferredauthentications')?.split(',') ?? AUTHENTICATION_METHODS;
  const batch = isOn(output, 'batchmode');
  return preferred.flatMap((name) => {
    const method = AUTHENTICATION_METHODS.find((known) => known === name);
    if (method === undefined || (batch && ASKING.has(method))) return [];
    return SWITCHES[method].some((keyword) => isOn(output, keyword)) ? [method] : [];
  });
}
