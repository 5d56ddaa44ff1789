import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadToken } from '../../src/mcp/http/token.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const GIVEN = 'a-token-of-the-user';

describe('the token', () => {
  it('is made once, for this user alone', async () => {
    const ownFile = join(await makeTempDir(), 'state', 'mcp-token');
    const sources = { given: undefined, file: undefined, ownFile };
    const { value, place } = await loadToken(sources);
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(place).toBe(ownFile);
    expect((await readFile(ownFile, 'utf8')).trim()).toBe(value);
    expect((await stat(ownFile)).mode & 0o777).toBe(0o600);
    expect(await loadToken(sources)).toEqual({ value, place });
  });

  it('is that of a named file, else of the environment', async () => {
    const file = join(await makeTempDir(), 'token');
    await writeFile(file, `${GIVEN}-2\n`);
    const ownFile = '/nonexistent/mcp-token';
    expect(await loadToken({ given: GIVEN, file, ownFile })).toEqual({ value: `${GIVEN}-2`, place: file });
    expect((await loadToken({ given: GIVEN, file: undefined, ownFile })).value).toBe(GIVEN);
  });

  it.each(['short', '', 'a token with spaces in it'])(
    'is refused if it is %j, without being repeated',
    async (text) => {
      const file = join(await makeTempDir(), 'token');
      await writeFile(file, text);
      const loading = loadToken({ given: undefined, file, ownFile: file });
      await expect(loading).rejects.toThrow(`${file}: a token must have at least 16 visible characters and no spaces`);
    },
  );
});
