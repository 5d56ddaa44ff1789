import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { probeFailureOf } from '../../src/probe/probe-error.ts';
import { Prober } from '../../src/probe/prober.ts';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { createClient, forBothKinds } from '../transport/matrix/matrix-client.ts';

/** The login says so and ends: what `ssh HOST true` prints last is what is shown. */
const refusals = {
  forced: { sshd: ['ForceCommand echo "This account only takes backups."'] },
  'forced-on-stderr': { sshd: ['ForceCommand echo "Nobody works here." >&2; exit 3'] },
  'sftp-only': { sshd: ['Subsystem sftp internal-sftp', 'ForceCommand internal-sftp'] },
  nologin: { shell: '/usr/sbin/nologin' },
  'git-host': {
    shell:
      '#!/bin/sh\necho "Hi tester! You have successfully authenticated, but this host does not provide shell access." >&2\nexit 1\n',
  },
  'git-shell': { shell: '/usr/bin/git-shell' },
  'cmd.exe': {
    shell: `#!/bin/sh\nprintf "'exec' is not recognized as an internal or external command,\\r\\noperable program or batch file.\\r\\n"\nexit 1\n`,
  },
  colourful: { shell: '#!/bin/sh\nprintf "\\033[1;31mclosed\\033[0m for \\033]0;title\\007the weekend\\n"\nexit 1\n' },
} satisfies Record<string, LabHostPlan>;

const others = {
  plain: {},
  false: { shell: '/bin/false' },
  restricted: { shell: '/bin/rbash' },
  menu: {
    shell:
      '#!/bin/sh\nprintf "1) mail\\n2) logout\\nChoose: "\nwhile read -r choice; do echo "no $choice"; done; sleep 60\n',
  },
  'exit-in-bashrc': { shell: '/bin/bash', home: { '.bashrc': 'exit 0\n' } },
  'exit-in-zshenv': { shell: '/usr/bin/zsh', home: { '.zshenv': 'exit 4\n' } },
} satisfies Record<string, LabHostPlan>;

let lab: Lab;
beforeAll(async () => {
  lab = await startLab<string>({ ...refusals, ...others });
});
afterAll(() => lab?.close());

async function probe(kind: 'ssh2' | 'openssh', alias: string) {
  const client = await createClient(lab, kind);
  const prober = new Prober(client.pool, systemClock);
  const limits = {
    signal: new AbortController().signal,
    timeout: 3000,
    enrich: false,
    interaction: null,
    mayStartOpencode: true,
  };
  const error: unknown = await prober.probe(await client.host(alias), null, limits).catch((reason: unknown) => reason);
  return { client, failure: probeFailureOf(error, 1) };
}

/** The last line that ssh itself shows. */
async function sshSays(alias: string): Promise<string> {
  const run = promisify(execFile)('ssh', ['-F', lab.sshConfig, alias, 'exec /bin/sh'], { env: lab.environment });
  run.child.stdin?.end();
  const { stdout, stderr } = await run.catch((error) => error);
  return (
    `${stdout}${stderr}`
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? ''
  );
}

describe.skipIf(!findLabCapabilities().shells)('a login that runs no commands', () => {
  it.each(forBothKinds(Object.keys(refusals).map((alias) => [alias] as const)))(
    'is told of in the words of the host, by %s: %s',
    async (kind, alias) => {
      const [{ failure }, said] = await Promise.all([probe(kind, alias), sshSays(alias)]);
      expect(failure.status).toBe('no-shell');
      if (alias === 'colourful') expect(failure.reason).toBe('closed for the weekend');
      else expect(said !== '' && failure.reason.endsWith(said), `${failure.reason} should end with ${said}`).toBe(true);
      expect(failure.hint).toContain('The login runs no commands');
    },
  );

  it.each(
    forBothKinds([
      ['false', /^the login ends at once without output \(exit status 1\)$/, /exec or exit/],
      ['restricted', /restricted/, /The login runs no commands/],
      ['menu', /2\) logout Choose:$/, /No shell started within 3s/],
      ['exit-in-bashrc', /^the login ends at once without output \(exit status 0\)$/, /~\/\.bashrc/],
      ['exit-in-zshenv', /^the login ends at once without output \(exit status 4\)$/, /~\/\.zshenv/],
    ] as const),
  )('is told of with what can be known, by %s: %s', async (kind, alias, reason, hint) => {
    const { failure } = await probe(kind, alias);
    expect(failure).toMatchObject({
      ...{ status: 'no-shell', reason: expect.stringMatching(reason), hint: expect.stringMatching(hint) },
    });
    // Nothing of what ocr sends is taken for the host's words, and nothing was typed at the menu.
    expect(`${failure.reason}${failure.hint}`).not.toMatch(/ocr-|printf|no exec/);
  });

  it.each(forBothKinds([[]]))('leaves the connection to others, by %s', async (kind) => {
    const { client } = await probe(kind, 'nologin');
    expect(await client.echo('plain')).toBe('in\n');
  });
});
