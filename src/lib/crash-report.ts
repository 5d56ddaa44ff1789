import { readdir, rm } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { writePrivateFile } from './atomic-file.ts';
import { fileStamp, freeName } from './file-stamp.ts';
import type { RecentAction } from './recent-actions.ts';
import { type Secrets, scrub } from './scrub.ts';

const MAX_REPORTS = 10;
const MAX_CAUSES = 5;
const MAX_STACK_CHARS = 16_000;
/** Variables whose values may be secrets. */
const SECRET_VARIABLE = /TOKEN|KEY|SECRET|PASS|AUTH|CREDENTIAL/i;
/** Shorter values are ordinary words, such as `yes`. */
const MIN_SECRET_CHARS = 6;
const REPORT_NAME = /^ocr-\d{8}-\d{6}(-\d+)?\.txt$/;

export interface CrashFacts {
  readonly version: string;
  /** Such as `v24.1.0`. */
  readonly node: string;
  /** Such as `linux x64`. */
  readonly platform: string;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  /** The value of TERM. */
  readonly term: string | undefined;
  readonly actions: readonly RecentAction[];
}

/** Returns the text of a report: what ran where, the last actions, and the error with its causes, without names of hosts and without secrets. */
export function formatCrash(error: unknown, facts: CrashFacts, secrets: Secrets, now: Date): string {
  const actions = facts.actions.map(({ at, name }) => `${secondsBefore(now, at)} ${name}`);
  const text = [
    `ocr ${facts.version} crashed at ${now.toISOString()}`,
    `Node ${facts.node}, ${facts.platform}`,
    `terminal ${facts.columns ?? '?'}x${facts.rows ?? '?'}, TERM=${facts.term ?? ''}`,
    '',
    ...causesOf(error).map((one, at) => (at === 0 ? stackOf(one) : `caused by: ${stackOf(one)}`)),
    '',
    'last actions, seconds before the crash:',
    ...(actions.length === 0 ? ['  none'] : actions),
  ].join('\n');
  return `${scrub(text, secrets)}\n`;
}

/** Returns what must not stand in a report of this process. */
export function secretsOf(names: readonly string[], environment: NodeJS.ProcessEnv): Secrets {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    SECRET_VARIABLE.test(name) && value !== undefined && value.length >= MIN_SECRET_CHARS ? [value] : [],
  );
  return { home: homedir(), names: [...names, hostname(), userInfo().username], values };
}

/** Writes a report (0600) and keeps the newest ten. Returns its path. Rejects with the system's error. */
export async function writeCrash(text: string, folder: string, now: Date): Promise<string> {
  const listed = await readdir(folder).catch((): string[] => []);
  const name = freeName(`ocr-${fileStamp(now)}`, (taken) => listed.includes(`${taken}.txt`));
  const path = join(folder, `${name}.txt`);
  await writePrivateFile(path, text);
  const reports = listed.filter((one) => REPORT_NAME.test(one)).toSorted();
  const old = reports.slice(0, Math.max(0, reports.length + 1 - MAX_REPORTS));
  await Promise.all(old.map((one) => rm(join(folder, one), { force: true })));
  return path;
}

function secondsBefore(now: Date, at: number): string {
  return `${((now.getTime() - at) / 1000).toFixed(1)}s`.padStart(9);
}

function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let one = error; one !== undefined && causes.length < MAX_CAUSES; ) {
    causes.push(one);
    one = one instanceof Error ? one.cause : undefined;
  }
  return causes;
}

function stackOf(error: unknown): string {
  return (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, MAX_STACK_CHARS);
}
