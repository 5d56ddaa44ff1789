import { AUTHENTICATION_METHODS, type Route, type SshOptions } from '../domain/host.ts';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { makeRoomForFile, readRegularFile } from '../lib/regular-file.ts';
import * as shape from '../lib/shape.ts';

const VERSION = 4;
const { anyOf, flag, listOf, number, objectOf, oneOf, optional, orNull, recordOf, text } = shape;
const texts = listOf(text);

const FIELDS = {
  hostname: text,
  port: number,
  user: text,
  addressFamily: oneOf(['any', 'inet', 'inet6']),
  bindAddress: orNull(text),
  connectTimeout: orNull(number),
  connectionAttempts: number,
  serverAliveInterval: number,
  serverAliveCountMax: number,
  proxyJump: orNull(text),
  proxyCommand: orNull(text),
  userKnownHostsFiles: texts,
  globalKnownHostsFiles: texts,
  hostKeyAlias: orNull(text),
  hostKeyPolicy: oneOf(['yes', 'ask', 'accept-new', 'no']),
  hashKnownHosts: flag,
  identityFiles: texts,
  certificateFiles: texts,
  identitiesOnly: flag,
  useKeychain: flag,
  identityAgent: optional(text),
  authenticationMethods: listOf(oneOf(AUTHENTICATION_METHODS)),
  passwordPrompts: number,
  forwardAgent: anyOf(flag, text),
  algorithms: objectOf({ ciphers: texts, macs: texts, kex: texts, hostKeys: texts, publicKeys: texts }),
  requiredRsaSize: number,
  compression: flag,
  setEnv: recordOf(text),
  sendEnv: texts,
  given: optional(texts),
  controlPath: orNull(text),
  opensshOnly: texts,
  notUsed: texts,
} satisfies Record<keyof SshOptions, shape.Shape>;

/**
 * The file. Hosts differ in few options, so each value is written once, as a text of JSON, and a route is a list of places in `values`, in the order of
 * `fields`. -1 stands for `undefined`.
 */
interface RouteFile {
  readonly version: number;
  readonly fingerprint: string;
  readonly fields: readonly string[];
  readonly values: readonly string[];
  readonly routes: Readonly<Record<string, readonly number[]>>;
}
const wrongPart = objectOf({
  version: oneOf([VERSION]),
  fingerprint: text,
  fields: texts,
  values: texts,
  routes: recordOf(listOf(number)),
});
const FIELD_NAMES = Object.keys(FIELDS) as (keyof SshOptions)[];

/**
 * Routes by alias, if they were learned under this fingerprint. A missing or damaged file holds none: ssh is asked
 * again.
 */
export async function loadRouteCache(path: string, fingerprint: string): Promise<Map<string, Route>> {
  const routes = new Map<string, Route>();
  try {
    const file = JSON.parse(await readRegularFile(path));
    if (wrongPart(file) !== null || file.fingerprint !== fingerprint) return routes;
    const { fields, values: texts, routes: places }: RouteFile = file;
    const values: unknown[] = texts.map((value) => JSON.parse(value));
    if (fields.length !== FIELD_NAMES.length || FIELD_NAMES.some((name, at) => fields[at] !== name)) return routes;
    // Most routes share their values, which need one check.
    const rightPlaces = FIELD_NAMES.map(() => new Set<number>());
    for (const [alias, indexes] of Object.entries(places)) {
      const options: Record<string, unknown> = {};
      for (const [at, name] of FIELD_NAMES.entries()) {
        const place = indexes[at] ?? -1;
        if (!rightPlaces[at]?.has(place) && FIELDS[name](values[place]) !== null) return new Map();
        rightPlaces[at]?.add(place);
        options[name] = values[place];
      }
      routes.set(alias, { kind: 'ssh', options: options as unknown as SshOptions });
    }
  } catch {
    // A lost cache costs one `ssh -G` per alias.
    await makeRoomForFile(path);
  }
  return routes;
}

/** Keeps routes of kind `ssh`; all others are asked for again. */
export async function saveRouteCache(
  path: string,
  fingerprint: string,
  routes: ReadonlyMap<string, Route>,
): Promise<void> {
  const places = new Map<string, number>();
  const placeOf = (value: unknown): number => {
    if (value === undefined) return -1;
    const json = JSON.stringify(value);
    const place = places.get(json) ?? places.size;
    places.set(json, place);
    return place;
  };
  const learnt: Record<string, readonly number[]> = {};
  for (const [alias, route] of routes)
    if (route.kind === 'ssh') learnt[alias] = FIELD_NAMES.map((field) => placeOf(route.options[field]));
  const file: RouteFile = {
    version: VERSION,
    fingerprint,
    fields: FIELD_NAMES,
    values: [...places.keys()],
    routes: learnt,
  };
  await writePrivateFile(path, JSON.stringify(file));
}
