import { describe, expect, it, onTestFinished } from 'vitest';
import { queryDatabase } from '../../src/engine/query-database.ts';
import { searchQuery } from '../../src/opencode/search-query.ts';
import { contentScript } from '../../src/probe/content-script.ts';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { OpencodeHome, SCHEMA } from '../support/opencode-home.ts';
import { isInstalled } from '../support/programs.ts';

const { signal } = new AbortController();
const limits = { signal, idleTimeout: 20_000 };
const PARTS = `CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, time_created INTEGER, data TEXT);`;
/** Needles that careless SQL or a careless shell would run or expand. */
const NEEDLES = [
  `it's`,
  `'; DROP TABLE part; --`,
  '$(touch x)',
  '`id`',
  '100%_',
  '.quit',
  'a\nb',
  '\\',
  '"',
  '😀ü',
  '*',
];

async function homeWith(texts: readonly string[]): Promise<OpencodeHome> {
  const home = await OpencodeHome.create(`a b'%c`);
  home.query(SCHEMA + PARTS);
  home.insertMessage('msg_1', 'ses_1', 1, { role: 'user' });
  const values = texts.map((text, at) => {
    const data = JSON.stringify({ type: 'text', text }).replaceAll("'", "''");
    return `('prt_${at}', 'msg_1', 'ses_1', ${at + 1}, '${data}')`;
  });
  home.query(`INSERT INTO part VALUES ${values.join(', ')}`);
  return home;
}

function localTransport(): LocalTransport {
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  return transport;
}

describe.each((['sqlite3', 'python3'] as const).filter(isInstalled))('a search with %s', (rung) => {
  it('takes each needle literally, and changes nothing', async () => {
    const home = await homeWith(NEEDLES.map((needle) => `before ${needle} after`));
    const run = await home.openShell();
    const skip = rung === 'python3' ? 'sqlite3' : '';
    for (const [at, needle] of NEEDLES.entries()) {
      const { sql, parse } = searchQuery(needle, 10);
      const script = contentScript(home.database, sql).replace(/^ocr_skip=.*$/m, `ocr_skip='${skip}'`);
      const { state } = parseSurveyReport((await run(script)).output);
      if (state.kind !== 'rows') return expect.unreachable(state.kind);
      expect(state.rung).toBe(rung);
      const found = parse(JSON.parse(state.text));
      expect(found.map(({ time }) => time)).toContain(at + 1);
      const { text, offset, length } = found.find(({ time }) => time === at + 1)!.excerpt;
      expect(text.slice(offset, offset + length)).toBe(needle.replace('\n', ' '));
    }
  });
});

describe('a query in a shell of its own', () => {
  it('reads a real database', async () => {
    const { database } = await homeWith(['an apple']);
    const found = await queryDatabase(localTransport(), { databasePath: database }, searchQuery('apple', 5), limits);
    expect(found).toMatchObject([{ sessionId: 'ses_1', messageId: 'msg_1', role: 'user', time: 1 }]);
    expect(await queryDatabase(localTransport(), { databasePath: database }, searchQuery('pear', 5), limits)).toEqual(
      [],
    );
  });

  it('says which table an older database lacks', async () => {
    const home = await OpencodeHome.create();
    home.query(SCHEMA);
    const query = queryDatabase(localTransport(), { databasePath: home.database }, searchQuery('x', 5), limits);
    await expect(query).rejects.toThrow('the database cannot be read: no such table: part');
  });
});
