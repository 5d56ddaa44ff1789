import { execFile, execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/lib/package-root.ts';
import { matchingEntries, parseKnownHosts } from '../../../src/transport/host-keys/known-hosts.ts';
import { loadKnownHosts, recordHostKey } from '../../../src/transport/host-keys/known-hosts-file.ts';
import { makeHostKey } from '../../support/host-keys.ts';
import { isInstalled } from '../../support/programs.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const KEY = makeHostKey();
const OTHER = makeHostKey();

/** A record of KEY for web1 in a file of a new folder. */
async function aRecord() {
  const folder = await makeTempDir();
  return { folder, record: { name: 'web1', key: KEY.blob, file: join(folder, 'known_hosts'), hash: false } };
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

/** The module as it is in the built program, where the lock is a chunk of its own. Gives the path. */
async function bundleRecorder(): Promise<string> {
  const outdir = await makeTempDir();
  await build({
    entryPoints: [join(packageRoot(), 'src', 'transport', 'host-keys', 'known-hosts-file.ts')],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return join(outdir, 'known-hosts-file.mjs');
}

describe('recording a host key', () => {
  it('makes the file and its folder for their owner alone, and leaves no lock', async () => {
    const { folder, record } = await aRecord();
    const file = join(folder, '.ssh', 'known_hosts');
    await recordHostKey({ ...record, file });
    expect(await readFile(file, 'utf8')).toBe(`web1 ${KEY.text}\n`);
    expect([await modeOf(join(folder, '.ssh')), await modeOf(file)]).toEqual([0o700, 0o600]);
    expect(await readdir(join(folder, '.ssh'))).toEqual(['known_hosts']);
  });

  it('adds to what is there, on a line of its own', async () => {
    const { record } = await aRecord();
    await writeFile(record.file, `web0 ${OTHER.text}`);
    await recordHostKey(record);
    await recordHostKey({ ...record, name: '[web2]:2222' });
    expect(await readFile(record.file, 'utf8')).toBe(`web0 ${OTHER.text}\nweb1 ${KEY.text}\n[web2]:2222 ${KEY.text}\n`);
  });

  it('hides the name when names are hashed', async () => {
    const { record } = await aRecord();
    await recordHostKey({ ...record, hash: true });
    const text = await readFile(record.file, 'utf8');
    expect(text).toMatch(/^\|1\|[^ ]{28}\|[^ ]{28} ssh-ed25519 /);
    expect(matchingEntries(parseKnownHosts(text, 'f'), 'web1')).toHaveLength(1);
  });

  it.each(['a*', '@revoked', 'a,b', 'a b', '!a', '|1|a', '#a'])(
    'records %s as that very name, not as what it would mean',
    async (name) => {
      const { record } = await aRecord();
      await recordHostKey({ ...record, name });
      const [entry, ...others] = await loadKnownHosts(record.file);
      expect(others).toEqual([]);
      expect(matchingEntries([entry!], name)).toHaveLength(1);
      expect(matchingEntries([entry!], 'ab')).toEqual([]);
    },
  );

  it('leaves the mode of a file, and what links to it, as they are', async () => {
    const { folder, record } = await aRecord();
    const target = join(folder, 'elsewhere');
    await writeFile(target, '');
    await chmod(target, 0o644);
    await symlink('elsewhere', record.file);
    await recordHostKey(record);
    expect(await readlink(record.file)).toBe('elsewhere');
    expect(await readFile(target, 'utf8')).toBe(`web1 ${KEY.text}\n`);
    expect(await modeOf(target)).toBe(0o644);
  });

  it('writes nothing when the key is on record meanwhile', async () => {
    const { record } = await aRecord();
    await writeFile(record.file, `web* ${KEY.text}`);
    await recordHostKey(record);
    expect(await readFile(record.file, 'utf8')).toBe(`web* ${KEY.text}`);
  });

  it('refuses when another key is on record meanwhile, and says where', async () => {
    const { record } = await aRecord();
    await writeFile(record.file, `\nweb1 ${OTHER.text}\n`);
    await expect(recordHostKey(record)).rejects.toMatchObject({
      name: 'UserError',
      message: `cannot record the host key of web1 in ${record.file}: line 2 was added meanwhile, with another key`,
    });
  });

  it('says what and where when the file cannot be written', async () => {
    const { folder, record } = await aRecord();
    await writeFile(join(folder, 'file'), '');
    const file = join(folder, 'file', 'known_hosts');
    await expect(recordHostKey({ ...record, file })).rejects.toThrow(
      new RegExp(`^cannot record the host key of web1 in ${file}: E\\w+: `),
    );
  });

  it('does nothing for /dev/null', async () => {
    const { record } = await aRecord();
    await recordHostKey({ ...record, file: '/dev/null' });
    expect(await readdir('/dev')).not.toContain('null.lock');
  });

  it('waits for the lock of another process', async () => {
    const { record } = await aRecord();
    await writeFile(record.file, '');
    await mkdir(`${record.file}.lock`);
    let done = false;
    const recording = recordHostKey(record).then(() => {
      done = true;
    });
    await sleep(100);
    expect(done).toBe(false);
    await rename(`${record.file}.lock`, `${record.file}.gone`);
    await recording;
    expect(await readFile(record.file, 'utf8')).toContain(KEY.text);
  });

  it('takes over the lock that a killed process left', async () => {
    const { folder, record } = await aRecord();
    await mkdir(`${record.file}.lock`);
    const minuteAgo = Date.now() / 1000 - 60;
    await utimes(`${record.file}.lock`, minuteAgo, minuteAgo);
    await recordHostKey(record);
    expect(await readdir(folder)).toEqual(['known_hosts']);
  });

  it('loses nothing when two processes record at once, while ssh appends', async () => {
    const { folder, record } = await aRecord();
    const module = await bundleRecorder();
    const program = `
      import { recordHostKey } from ${JSON.stringify(module)};
      const [, id, file, key] = process.argv;
      const record = (name) => recordHostKey({ name, key: Buffer.from(key, 'base64'), file, hash: false });
      const names = Array.from({ length: 10 }, (_, index) => \`\${id}-\${index}\`);
      await Promise.all(names.flatMap((name, index) => [record(name), record(\`shared-\${index}\`)]));
    `;
    const run = (id: string) =>
      promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        program,
        id,
        record.file,
        KEY.blob.toString('base64'),
      ]);
    const running = Promise.all([run('one'), run('two')]);
    for (let index = 0; index < 50; index++) {
      await appendFile(record.file, `ssh-${index} ${KEY.text}\n`);
      await sleep(5);
    }
    await running;
    const names = (await loadKnownHosts(record.file)).map(({ hosts }) => hosts).sort();
    const numbered = (id: string, length: number) => Array.from({ length }, (_, index) => `${id}-${index}`);
    expect(names).toEqual(
      [...numbered('one', 10), ...numbered('two', 10), ...numbered('shared', 10), ...numbered('ssh', 50)].sort(),
    );
    expect(await readdir(folder)).toEqual(['known_hosts']);
  });

  it.skipIf(!isInstalled('ssh-keygen')).each([false, true])('is what ssh-keygen finds (hashed: %s)', async (hash) => {
    const { record } = await aRecord();
    await recordHostKey({ ...record, name: '[web1]:2222', hash });
    const output = execFileSync('ssh-keygen', ['-F', '[web1]:2222', '-f', record.file], { encoding: 'utf8' });
    expect(output).toContain(KEY.text);
  });
});

describe('reading known_hosts', () => {
  it('sees a change of the same size, and a file put in its place at the same time', async () => {
    const { record } = await aRecord();
    const hosts = async () => (await loadKnownHosts(record.file)).map((entry) => entry.hosts);
    await writeFile(record.file, `web1 ${KEY.text}\n`);
    expect(await hosts()).toEqual(['web1']);
    await sleep(10);
    await writeFile(record.file, `web2 ${KEY.text}\n`);
    expect(await hosts()).toEqual(['web2']);

    const { atime, mtime } = await stat(record.file);
    await utimes(record.file, atime, mtime);
    expect(await hosts()).toEqual(['web2']);
    await writeFile(`${record.file}.new`, `web3 ${KEY.text}\n`);
    await utimes(`${record.file}.new`, atime, mtime);
    await rename(`${record.file}.new`, record.file);
    expect(await hosts()).toEqual(['web3']);
  });

  it('reads a file once while it does not change', async () => {
    const { record } = await aRecord();
    await writeFile(record.file, `web1 ${KEY.text}\n`);
    expect(await loadKnownHosts(record.file)).toBe(await loadKnownHosts(record.file));
  });

  it('takes what cannot be read for an empty file', async () => {
    const { folder } = await aRecord();
    expect(await loadKnownHosts(join(folder, 'none'))).toEqual([]);
    expect(await loadKnownHosts(folder)).toEqual([]);
  });
});
