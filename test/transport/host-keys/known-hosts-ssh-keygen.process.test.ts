import { execFile, execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import {
  hashName,
  type KnownHostsEntry,
  matchingEntries,
  parseKnownHosts,
} from '../../../src/transport/host-keys/known-hosts.ts';
import { makeHostKey } from '../../support/host-keys.ts';
import { isInstalled } from '../../support/programs.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const FILES = 10;
const LINES = 15;
const NAMES = 40;
const SEED = 7;

/** Few names, so that lines and questions meet. */
const host = fc.constantFrom('web1', 'web2', 'db.example.org', 'web1.example.org', '10.0.0.1', 'fe80::1', 'b-1');
const port = fc.constantFrom(22, 2222, 65_535);
const name = fc.tuple(host, port).map(([one, at]) => (at === 22 ? one : `[${one}]:${at}`));
const pattern = fc.oneof(
  { weight: 4, arbitrary: name },
  fc.constantFrom('*', 'web?', '*.example.org', '[*]:2222', '[web?]:*', 'WEB2', '!web1', '!*.org', '![web*', '', '!'),
);
const hosts = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(pattern, { minLength: 1, maxLength: 4 }).map((patterns) => patterns.join(',') || 'x'),
  },
  name.map((one) => hashName(one)),
);
const key = fc.constantFrom(...[makeHostKey(), makeHostKey('ecdsa-sha2-nistp256'), makeHostKey('ssh-rsa')]);
const entry = fc
  .tuple(
    fc.constantFrom('', '', '', '@revoked ', '@cert-authority '),
    hosts,
    key,
    fc.constantFrom('', ' ada@box', '\r'),
  )
  .map(([marker, names, { text }, rest]) => `${marker}${names} ${text}${rest}`);
const line = fc.oneof({ weight: 9, arbitrary: entry }, fc.constantFrom('', '# web1 ssh-rsa AAAA'));
/** With one of these `ssh-keygen -H` gives up on the whole file. */
const damaged = fc.constantFrom(
  '@trusted web1 ssh-rsa AAAA',
  'web1',
  'web1 ssh-rsa',
  '|1|x|y ssh-rsa AAAA',
  'web1 1024 3 5',
);
const question = fc.oneof(
  { weight: 6, arbitrary: name },
  fc.constantFrom('web3', 'web?', '*', 'x', '[web1]:1', 'a.b.org'),
);

/** The lines that `ssh-keygen -F` finds: number and marker. It has exit status 1 for none. */
async function find(file: string, asked: string): Promise<string[]> {
  const run = promisify(execFile)('ssh-keygen', ['-F', asked, '-f', file], { encoding: 'utf8' });
  const { stdout } = await run.catch((error: { code: unknown; stdout: string }) => {
    if (error.code !== 1) throw error;
    return error;
  });
  return [...stdout.matchAll(/^# Host .* found: line (\d+) ?(CA|REVOKED)?\s*$/gm)].map(
    ([, at, mark = '']) => `${at} ${mark}`,
  );
}

function findOurs(entries: readonly KnownHostsEntry[], asked: string): string[] {
  const marks = { revoked: 'REVOKED', 'cert-authority': 'CA' };
  return matchingEntries(entries, asked).map(({ line, marker }) => `${line} ${marker === null ? '' : marks[marker]}`);
}

describe.skipIf(!isInstalled('ssh-keygen'))('compared with ssh-keygen -F', () => {
  it.each([
    ['as written', fc.oneof({ weight: 9, arbitrary: line }, damaged)],
    ['after ssh-keygen -H', line],
  ])('finds the same lines, %s', async (kind, written) => {
    const folder = await makeTempDir();
    const texts = fc.sample(fc.array(written, { minLength: LINES, maxLength: LINES }), { numRuns: FILES, seed: SEED });
    const limit = pLimit(8);
    const checks = texts.map(async (lines, index) => {
      const file = join(folder, `known_hosts${index}`);
      await writeFile(file, `${lines.join('\n')}\n`);
      if (kind !== 'as written') execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
      const text = await readFile(file, 'utf8');
      const entries = parseKnownHosts(text, file);
      const asked = fc.sample(question, { numRuns: NAMES, seed: SEED + index });
      return Promise.all(
        [...new Set(asked)].map((one) =>
          limit(async () => {
            const theirs = await find(file, one);
            expect(findOurs(entries, one), `${one} in\n${text}`).toEqual(theirs);
            return theirs.length;
          }),
        ),
      );
    });
    const counts = (await Promise.all(checks)).flat();
    expect(counts.length).toBeGreaterThan(200);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(100);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(10);
  });
});
