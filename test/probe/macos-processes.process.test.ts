import { execFileSync } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIND_FUNCTIONS } from '../../src/opencode/server-process/find-script.ts';
import { parseListeners } from '../../src/opencode/server-process/listening-address.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** As ps(1) and lsof(8) of macOS 14 describe their output: comm is a whole path, and lsof lists the cwd and then each mapped file. */
const PS_LIST = `  712 Sat Nov 28 16:48:55 2026     /opt/homebrew/bin/opencode
  713 Sat Nov 28 16:48:56 2026     /Applications/Some App.app/Contents/MacOS/Some App
  714 Mon Nov  2 08:01:02 2026     /Users/ada/my tools/opencode
`;
const PS_ONE = '  501 S+      1 Sat Nov 28 16:48:55 2026\n';
const SOCKETS = { 712: 'p712\nf11\nn127.0.0.1:4096\nf12\nn[::1]:4097\nf13\nn*:4098\n', 714: '' };
const FILES = {
  712: 'p712\nfcwd\nn/Users/ada/src/my app\nftxt\nn/opt/homebrew/Cellar/opencode/1.18.33/bin/opencode\nftxt\nn/usr/lib/dyld\n',
  714: 'p714\nfcwd\nn/\nftxt\nn/Users/ada/my tools/opencode\nftxt\nn/usr/lib/dyld\n',
};

it('servers are found in what ps and lsof of macOS print', async () => {
  const folder = await makeTempDir();
  const print = (text: string) => `printf '%s' '${text}'`;
  const programs = {
    id: `${print('501')}\n`,
    ps: `case " $* " in *' -U 501 '*) ${print(PS_LIST)} ;; *' -p 712 '*) ${print(PS_ONE)} ;; *) exit 1 ;; esac\n`,
    lsof: `case " $* " in
*' -p 712 -iTCP '*) ${print(SOCKETS[712])} ;;
*' -p 712 -d '*) ${print(FILES[712])} ;;
*' -p 714 -d '*) ${print(FILES[714])} ;;
*) exit 1 ;;
esac\n`,
  };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}`);
    await chmod(join(folder, name), 0o755);
  }
  const script = `ocr_sources=ps ocr_opencode=\n${FIND_FUNCTIONS}\nocr_find_servers
printf '%s' "$ocr_servers"; echo "found $ocr_processes"; ocr_process 712 && echo "$ocr_start $ocr_parent"`;
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const lines = execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' }).trim().split('\n');
  const sockets = '11=127.0.0.1:4096,12=[::1]:4097,13=*:4098';
  expect(lines).toEqual([
    `@ocr server 712 Sat_Nov_28_16:48:55_2026 ${sockets} /Users/ada/src/my app`,
    'found 2',
    'Sat_Nov_28_16:48:55_2026 1',
  ]);
  expect(parseListeners(sockets)).toEqual([
    { hostname: '127.0.0.1', port: 4096 },
    { hostname: '::1', port: 4097 },
    { hostname: '127.0.0.1', port: 4098 },
  ]);
});
