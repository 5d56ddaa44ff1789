import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FleetSample, HostPulse, HostSample, PulseSample } from '../fleet/pulse/pulse-sample.ts';
import { mergeSeries, NO_SERIES, type PulseSeries } from '../fleet/pulse/pulse-series.ts';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { NotAFile, readRegularFile, setAside } from '../lib/regular-file.ts';
import * as shape from '../lib/shape.ts';

const VERSION = 1;
const HEADER = `${JSON.stringify({ version: VERSION })}\n`;
/** Opening a FIFO without a reader fails instead of blocking. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
/** Digits of a sum of US dollars. */
const COST_DIGITS = 6;

export interface LoadedPulse {
  readonly series: PulseSeries;
  /** Why the file is not used; `null` if it is, or if there is none. */
  readonly warning: string | null;
  /** False if the file belongs to a newer version, which alone may write it. */
  readonly mayWrite: boolean;
}

/** Loads the samples of earlier runs: a header, then a line of JSON each. A damaged file is set aside. Never rejects. */
export async function loadPulse(path: string, now: number): Promise<LoadedPulse> {
  try {
    return { series: mergeSeries(parsePulse(await readRegularFile(path)), now), warning: null, mayWrite: true };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { series: NO_SERIES, warning: null, mayWrite: true };
    if (error instanceof NewerVersion) {
      const warning = `${path} was written by a newer ocr and is not used`;
      return { series: NO_SERIES, warning, mayWrite: false };
    }
    if (!(error instanceof Damaged) && !(error instanceof NotAFile)) {
      return { series: NO_SERIES, warning: `${path}: cannot be read: ${messageOf(error)}`, mayWrite: false };
    }
    const aside = await setAside(path);
    const fate = aside === null ? 'cannot be set aside' : `is now ${aside}`;
    return { series: NO_SERIES, warning: `${path} was damaged (${messageOf(error)}) and ${fate}`, mayWrite: true };
  }
}

/** Appends a sample to the file (0600), which it makes if needed. Rejects with the system's error. */
export async function appendSample(path: string, { fleet, hosts }: PulseSample): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, APPEND, 0o600);
  try {
    const { size } = await file.stat();
    // One write, so that the lines of two programs do not mix. A blank line first: the one before may have been cut by a kill.
    await file.write(`${size === 0 ? HEADER : '\n'}${encodeFleet(fleet)}${encodeHosts(hosts)}`);
  } finally {
    await file.close();
  }
}

/** Replaces the file by a series. Rejects with the system's error. */
export function rewritePulse(path: string, { fleet, hosts }: PulseSeries): Promise<void> {
  return writePrivateFile(path, [HEADER, ...fleet.map(encodeFleet), ...hosts.map(encodeHosts)].join(''));
}

class NewerVersion extends Error {}
class Damaged extends Error {}

function parsePulse(text: string): PulseSeries {
  const lines = text.split('\n');
  // The last line is cut where the program was killed while it wrote.
  lines.pop();
  const { version } = (parseJson(lines.shift() ?? '') ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version > VERSION) throw new NewerVersion();
  if (version !== VERSION) throw new Damaged('no version');
  const fleet: FleetSample[] = [];
  const hosts: HostSample[] = [];
  let damaged = 0;
  for (const text of lines) {
    const line = text === '' ? null : parseJson(text);
    if (line === null) continue;
    if (wrongFleet(line) === null) fleet.push(decodeFleet(line as FleetLine));
    else if (wrongHosts(line) === null) hosts.push(decodeHosts(line as HostsLine));
    else damaged += 1;
  }
  // A line or two are lost where a program was killed while it wrote.
  if (damaged > fleet.length + hosts.length) throw new Damaged('lines that are no samples');
  return { fleet, hosts };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const FLEET_FIELDS = [
  ...(['at', 'waiting', 'working', 'error', 'done', 'active'] as const),
  ...(['cost', 'tokensIn', 'tokensOut', 'cached', 'turns', 'hosts'] as const),
] as const satisfies readonly (keyof FleetSample)[];

/** The fields of a sample in the order above. */
interface FleetLine {
  readonly fleet: readonly number[];
}
/** When the hosts answered, then round trip and load by alias. */
interface HostsLine {
  readonly at: number;
  readonly hosts: Readonly<Record<string, readonly [number | null, number | null]>>;
}

const numbers = shape.listOf(shape.number);
const wrongFleet = shape.objectOf({
  fleet: (value) => (numbers(value) === null && (value as unknown[]).length === FLEET_FIELDS.length ? null : ''),
});
const wrongHosts = shape.objectOf({
  at: shape.number,
  hosts: shape.recordOf(shape.listOf(shape.orNull(shape.number))),
});

function encodeFleet(sample: FleetSample): string {
  const values = FLEET_FIELDS.map((name) => Number(sample[name].toFixed(COST_DIGITS)));
  return `${JSON.stringify({ fleet: values } satisfies FleetLine)}\n`;
}

function decodeFleet({ fleet }: FleetLine): FleetSample {
  const [at = 0, waiting = 0, working = 0, error = 0, done = 0, active = 0, ...use] = fleet;
  const [cost = 0, tokensIn = 0, tokensOut = 0, cached = 0, turns = 0, hosts = 0] = use;
  return { at, waiting, working, error, done, active, cost, tokensIn, tokensOut, cached, turns, hosts };
}

function encodeHosts({ at, hosts }: HostSample): string {
  const byAlias = Object.fromEntries([...hosts].map(([alias, { rtt, load }]) => [alias, [rtt, load] as const]));
  return `${JSON.stringify({ at, hosts: byAlias } satisfies HostsLine)}\n`;
}

function decodeHosts({ at, hosts }: HostsLine): HostSample {
  const pulses = Object.entries(hosts).map(([alias, [rtt, load]]): [string, HostPulse] => [alias, { rtt, load }]);
  return { at, hosts: new Map(pulses) };
}
