import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchQuery } from '../../src/opencode/search-query.ts';

const SCHEMA = `CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, time_created INTEGER, data TEXT);`;

/** A database with one part for each text, the last the newest. */
function databaseWith(parts: readonly (string | object)[]) {
  const db = new DatabaseSync(':memory:');
  db.exec(SCHEMA);
  db.prepare('INSERT INTO message VALUES (?, ?, ?, ?)').run('msg_1', 'ses_1', 1, '{"role":"assistant"}');
  const insert = db.prepare('INSERT INTO part VALUES (?, ?, ?, ?, ?)');
  for (const [at, part] of parts.entries()) {
    const data = typeof part === 'string' ? { type: 'text', text: part } : part;
    insert.run(`prt_${String(at).padStart(4, '0')}`, 'msg_1', 'ses_1', at + 1, JSON.stringify(data));
  }
  const search = (needle: string, limit = 100) => {
    const { sql, parse } = searchQuery(needle, limit);
    return parse(JSON.parse(JSON.stringify(db.prepare(sql).all())));
  };
  return { db, search };
}

const matchOf = ({ text, offset, length }: { text: string; offset: number; length: number }) =>
  text.slice(offset, offset + length);

describe('a search in a database', () => {
  it('finds the newest first, with role, time and place', () => {
    const { search } = databaseWith(['an apple', 'a pear', 'the APPLE pie']);
    expect(search('apple')).toEqual([
      {
        sessionId: 'ses_1',
        messageId: 'msg_1',
        role: 'assistant',
        time: 3,
        excerpt: { text: 'the APPLE pie', offset: 4, length: 5 },
      },
      expect.objectContaining({ time: 1, excerpt: { text: 'an apple', offset: 3, length: 5 } }),
    ]);
  });

  it('returns no more than asked for', () => {
    expect(databaseWith(Array.from({ length: 9 }, () => 'x')).search('x', 4)).toHaveLength(4);
  });

  it('cuts a long text around the match, on one line', () => {
    const { search } = databaseWith([`${'a'.repeat(500)}\nNEEDLE\n${'b'.repeat(500)}`]);
    const [{ excerpt } = expect.unreachable()] = search('needle');
    expect(excerpt.text).toBe(`${'a'.repeat(59)} NEEDLE ${'b'.repeat(179)}`);
    expect(matchOf(excerpt)).toBe('NEEDLE');
  });

  it('searches what a transcript shows, and no tools or hidden texts', () => {
    const { search } = databaseWith([
      { type: 'text', text: 'apple', synthetic: true },
      { type: 'text', text: 'apple', ignored: true },
      { type: 'tool', state: { output: 'apple' } },
      { type: 'reasoning', text: 'apple' },
      'shown apple',
    ]);
    expect(search('apple').map(({ time }) => time)).toEqual([5]);
  });

  it('goes on past a part that is no JSON', () => {
    const { db, search } = databaseWith(['apple']);
    db.exec(`INSERT INTO part VALUES ('prt_9', 'msg_1', 'ses_1', 9, '{apple')`);
    expect(search('apple').map(({ time }) => time)).toEqual([1]);
  });

  it.each(['über', 'ÜBER', 'Über'])('finds Über and ÜBER as %s where the case is all the same', (needle) => {
    const { search } = databaseWith(['gar nicht über', 'gar nicht ÜBER']);
    expect(search(needle)).toHaveLength(2);
  });

  it('takes every needle literally', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((some) => !some.includes('\u0000'));
    const sign = fc.constantFrom(`'`, '"', '%', '_', '\\', '*', '?', '[', '--', ';', '$(x)', '\n', '`', 'İ', 'ß', '😀');
    const hostile = fc.array(fc.oneof(sign, text), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, text, text, (needle, before, after) => {
        fc.pre(needle !== '');
        const { search } = databaseWith([before + needle + after, before + after]);
        const found = search(needle);
        expect(found.some(({ time }) => time === 1)).toBe(true);
        const others = found.filter(({ time }) => time === 2);
        const sameCase = (some: string) => some.toLowerCase().toUpperCase();
        if (others.length > 0) expect(sameCase(before + after)).toContain(sameCase(needle));
        const oneLined = needle.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
        for (const { excerpt } of found) expect(sameCase(matchOf(excerpt))).toBe(sameCase(oneLined));
      }),
    );
  });
});
