import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attachLine } from '../../../src/operations/sessions/attach-line.ts';
import { aHost, sshOptions } from '../../support/builders.ts';
import { isInstalled } from '../../support/programs.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const local = aHost({ alias: 'local', route: { kind: 'local' } });

describe('attachLine', () => {
  it('is easy to read where it can be', () => {
    const session = { id: 'ses_1', directory: '/srv/shop' };
    expect(attachLine(aHost(), 'opencode', session, null)).toBe(
      "ssh -t web1 'cd /srv/shop && opencode --session ses_1'",
    );
    expect(attachLine(aHost(), 'opencode', session, '/home/a b/config')).toBe(
      "ssh -F '/home/a b/config' -t web1 'cd /srv/shop && opencode --session ses_1'",
    );
    expect(attachLine(local, 'opencode', session, null)).toBe('cd /srv/shop && opencode --session ses_1');
    expect(attachLine(aHost(), '/home/a b/opencode', { ...session, directory: "/srv/it's" }, null)).toBe(
      `ssh -t web1 'cd '\\''/srv/it'\\''\\'\\'''\\''s'\\'' && '\\''/home/a b/opencode'\\'' --session ses_1'`,
    );
  });

  it('tells ssh what its configuration lacks', () => {
    const host = aHost({
      route: { kind: 'ssh', options: sshOptions({ given: ['Port=2222', 'IdentityFile="/a b"'] }) },
    });
    expect(attachLine(host, 'opencode', { id: 'ses_1', directory: '/srv' }, null)).toBe(
      `ssh -o Port=2222 -o 'IdentityFile="/a b"' -t web1 'cd /srv && opencode --session ses_1'`,
    );
  });

  const directories = [
    'plain',
    "it's $(touch canary) `touch canary`",
    '"; touch canary; "',
    'a\nb',
    'back\\slash',
    '!history !!',
    '\u001b[201~\u0003touch canary\r',
    '-rf',
    'Grüße 世界 😀',
    '100% %s',
  ];
  const shells = ['sh', 'bash', 'zsh', 'fish', 'tcsh'].filter(isInstalled);

  it.each(shells.flatMap((shell) => directories.map((name) => [shell, name] as const)))(
    'opens the session in its directory when %s runs it on the host: %j',
    async (shell, name) => {
      const folder = await realpath(await makeTempDir());
      const directory = join(folder, name);
      await mkdir(directory);
      // An ssh that hands its last word to the login shell, as sshd does.
      await writeFile(join(folder, 'ssh'), `#!/bin/sh\nfor last; do :; done\nexec ${shell} -c "$last"\n`);
      await writeFile(join(folder, 'opencode'), `#!/bin/sh\n{ pwd -P; printf '%s\\n' "$*"; } > '${folder}/ran'\n`);
      for (const program of ['ssh', 'opencode']) await chmod(join(folder, program), 0o755);
      const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
      for (const host of [aHost(), local]) {
        const line = attachLine(host, join(folder, 'opencode'), { id: 'ses_1', directory }, null);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        execFileSync('sh', ['-c', line], { env: environment, cwd: folder });
        expect(await readFile(join(folder, 'ran'), 'utf8')).toBe(`${directory}\n--session ses_1\n`);
        await expect(readFile(join(folder, 'canary'))).rejects.toThrow('ENOENT');
        await writeFile(join(folder, 'ran'), '');
      }
    },
  );
});
