import type { Instance } from '../config/instance-schema.ts';
import type { Config } from '../config/schema.ts';
import { EXIT, VerbError } from './exit-status.ts';

/** The configuration with the targets that the command line and the environment name by URL. */
export interface GivenTargets {
  readonly config: Config;
  /** The target of verbs that name none; `null` for none. */
  readonly defaultTarget: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the URLs among the named targets, and $OPENCODE_BASE_URL, to the instances. One that the configuration has already keeps its name and its credentials.
 * Throws a VerbError for a URL that cannot be used.
 */
export function withGivenTargets(config: Config, named: readonly string[], environment: Environment): GivenTargets {
  const base = environment.OPENCODE_BASE_URL;
  const instances: Record<string, Instance> = { ...config.instances };
  const add = (given: string, source: string, isSecret: boolean): string => {
    const url = parseUrl(given, source);
    const known = Object.entries(instances).find(([, instance]) => instance.url === url);
    if (known !== undefined) return known[0];
    // No name of a host or an instance has a slash.
    instances[url] = { url, ...(isSecret ? credentialsOf(environment) : {}) };
    return url;
  };
  const isUrl = (text: string) => /^https?:\/\//.test(text);
  // The environment's credentials are for its own URL, or, if it names none, for the only one on the command line.
  const defaultTarget = base ? add(base, '$OPENCODE_BASE_URL', true) : null;
  const urls = [...new Set(named.filter(isUrl))];
  for (const given of urls) add(given, '--on', !base && urls.length === 1);
  return { config: { ...config, instances }, defaultTarget };
}

/** Returns the name under which a URL stands among the instances; the text itself if it is no URL. */
export function nameOfTarget({ instances }: Pick<Config, 'instances'>, given: string): string {
  if (!/^https?:\/\//.test(given)) return given;
  const url = parseUrl(given, '--on');
  return Object.entries(instances).find(([, instance]) => instance.url === url)?.[0] ?? given;
}

function credentialsOf(environment: Environment): Pick<Instance, 'token' | 'username' | 'password'> {
  const {
    OPENCODE_API_KEY: token,
    OPENCODE_SERVER_USERNAME: username,
    OPENCODE_SERVER_PASSWORD: password,
  } = environment;
  if (token) return { token };
  return password ? { password, ...(username ? { username } : {}) } : {};
}

function parseUrl(given: string, source: string): string {
  const url = URL.parse(given.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // It may hold a password.
    const shown = given.includes('@') ? 'it' : `"${given}"`;
    throw new VerbError(EXIT.usage, `${source}: ${shown} is no URL such as http://127.0.0.1:4096`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new VerbError(EXIT.usage, `${source}: a URL must hold no password: set $OPENCODE_SERVER_PASSWORD`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
