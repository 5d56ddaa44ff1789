import { expect, it, vi } from 'vitest';
import { cacheDirectory, controlDirectory, stateDirectory } from '../../src/config/paths.ts';
import { masterPathOf } from '../../src/transport/openssh/control-master.ts';

/**
 * The suffix that ssh adds while it creates a socket, and the longest socket path on macOS (sockaddr_un: 104 bytes with
 * the NUL).
 */
const [SUFFIX, LONGEST] = ['.D4iclAZxV01FBIDl', 103];

it.each([
  ['a short home', '/Users/ada', {}, '/Users/ada/.cache/ocr/control'],
  ['a runtime folder', '/home/ada', { XDG_RUNTIME_DIR: '/run/user/1000' }, '/run/user/1000/ocr'],
  ['a long runtime folder', '/home/ada', { XDG_RUNTIME_DIR: `/${'r'.repeat(80)}` }, '/home/ada/.cache/ocr/control'],
  ['a long home', `/Network/Servers/${'h'.repeat(60)}/ada`, {}, `/tmp/ocr-${process.getuid?.()}`],
])('sockets of masters have room for their names with %s', (_name, home, environment, expected) => {
  vi.stubEnv('HOME', home);
  const folder = controlDirectory(environment);
  vi.unstubAllEnvs();
  expect(folder).toBe(expected);
  expect(Buffer.byteLength(masterPathOf(folder, 'any.host') + SUFFIX)).toBeLessThanOrEqual(LONGEST);
});

it('folders follow XDG on every system, as the README says', () => {
  vi.stubEnv('HOME', '/Users/ada');
  const folders = [cacheDirectory({}), stateDirectory({}), cacheDirectory({ XDG_CACHE_HOME: '/c' })];
  vi.unstubAllEnvs();
  expect(folders).toEqual(['/Users/ada/.cache/ocr', '/Users/ada/.local/state/ocr', '/c/ocr']);
});
