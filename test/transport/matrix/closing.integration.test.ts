import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../../ssh-lab/lab.ts';
import {
  addAliases,
  createClient,
  failureOf,
  forBothKinds,
  type MatrixClient,
  PATIENCE,
  runLimits,
} from './matrix-client.ts';

const both = forBothKinds([[]]);
/** With the host that each is, and reaches. */
const aliases = { plain: 'plain', inner: 'inner', commanded: 'inner' } as const;

let lab: Lab<'plain' | 'hop' | 'inner' | 'frozen'>;

beforeAll(async () => {
  lab = await startLab({ plain: {}, hop: {}, inner: { behind: 'hop' }, frozen: {} });
  const way = [`HostName ${lab.host('inner').address}`, `IdentityFile ${lab.key('plain').path}`];
  await addAliases(lab, { commanded: [...way, `ProxyCommand ssh -F ${lab.sshConfig} -W [%h]:%p hop`] });
});
afterAll(() => lab?.close());

/** For private folders, apart from those of other programs. Short, since sockets are made in it. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp('/tmp/t-');
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('SSH_AUTH_SOCK', undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Resources of this process: its sockets and pipes, active handles, child processes, private folders. */
async function holdings() {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  const files = (await Promise.all(links)).filter((link) => /^(socket|pipe):/.test(link));
  const resources = process.getActiveResourcesInfo().filter((name) => /TCP|Pipe|Process|TLS|Getaddr/.test(name));
  const folders = await readdir(folder);
  return { files: files.length, resources: resources.sort(), processes: await findProcesses(), folders };
}

/** The children of this process, and those that went into the background with the lab's configuration. */
async function findProcesses(): Promise<string[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = names.map(async (name) => {
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'latin1').catch(() => '')),
    );
    // The name of a program, in brackets, may hold blanks.
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    const isOurs = parent === String(process.pid) || command?.includes(lab.sshConfig) === true;
    return isOurs ? [`${name} ${command?.split('\0')[0]}`] : [];
  });
  return (await Promise.all(found)).flat().sort();
}

/** Opens all that a transport has. */
async function useAll(client: MatrixClient): Promise<void> {
  for (const [alias, name] of Object.entries(aliases)) {
    const transport = await client.connect(alias);
    const signal = new AbortController().signal;
    const shell = await transport.shell(signal);
    await shell.run('true', runLimits());
    const busy = await transport.shell(signal);
    const { address, port } = lab.host(name);
    const stream = await transport.forward({ host: address, port }, signal);
    stream.on('error', () => {});
    for (const run of [busy.run('sleep 60', runLimits()), transport.exec('sleep 60', runLimits())]) run.catch(() => {});
  }
}

describe('a pool that is closed', () => {
  it.each(both)('leaves no socket, child, folder nor anything that keeps the program, by %s', async (kind) => {
    // Creates everything that is made once and stays, such as a thread for names.
    const { processes } = await holdings();
    const first = await createClient(lab, kind);
    await useAll(first);
    first.pool.close();
    await vi.waitFor(async () => expect((await holdings()).processes).toEqual(processes), PATIENCE);
    const before = await holdings();
    const client = await createClient(lab, kind);
    await useAll(client);
    client.pool.close();
    await vi.waitFor(async () => expect(await holdings()).toEqual(before), PATIENCE);
    for (const alias of ['plain', 'hop', 'inner'] as const) {
      await vi.waitFor(() => expect(lab.host(alias).connections()).toBe(0), PATIENCE);
    }
  });

  it.each(both)('ends the attempts that are under way, by %s', async (kind) => {
    await lab.host('frozen').pause();
    try {
      const before = await holdings();
      const client = await createClient(lab, kind);
      const attempts = ['frozen', ...Object.keys(aliases)].map((alias) => failureOf(client.connect(alias)));
      await vi.waitFor(() => expect(lab.host('frozen').connections()).toBeGreaterThan(0), PATIENCE);
      client.pool.close();
      const [frozen] = await Promise.all([attempts[0], ...attempts.slice(1).map((attempt) => attempt.catch(() => {}))]);
      expect(frozen?.kind).toMatch(/aborted|closed/);
      await vi.waitFor(async () => expect(await holdings()).toEqual(before), PATIENCE);
    } finally {
      await lab.host('frozen').resume();
    }
  });

  it.each(both)('connects no one any more, by %s', async (kind) => {
    const client = await createClient(lab, kind);
    client.pool.close();
    expect(await failureOf(client.connect('plain'))).toMatchObject({ kind: 'closed' });
  });
});
