import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { type ContentQuery, changesQuery, messagesQuery, todosQuery } from '../../src/opencode/stored-content.ts';

const SCHEMA = `CREATE TABLE message (id TEXT, session_id TEXT, time_created INTEGER, data TEXT);
CREATE TABLE part (id TEXT, message_id TEXT, session_id TEXT, data TEXT);
CREATE TABLE todo (session_id TEXT, content TEXT, status TEXT, priority TEXT, position INTEGER);`;
const ID = "ses_it's";

function makeDatabase() {
  const db = new DatabaseSync(':memory:');
  db.exec(SCHEMA);
  const message = (id: string, at: number, data: object) =>
    db.prepare('INSERT INTO message VALUES (?, ?, ?, ?)').run(id, ID, at, JSON.stringify(data));
  const part = (id: string, of: string, data: object) =>
    db.prepare('INSERT INTO part VALUES (?, ?, ?, ?)').run(id, of, ID, JSON.stringify(data));
  const ask = <Value>({ sql, parse }: ContentQuery<Value>) => parse(JSON.parse(JSON.stringify(db.prepare(sql).all())));
  return { db, message, part, ask };
}

it('the newest messages of a session are read with their parts, oldest first', () => {
  const { message, part, ask } = makeDatabase();
  for (const at of [1, 2, 3]) message(`msg_${at}`, at, { role: 'user', time: { created: at } });
  message('msg_4', 4, { role: 'assistant', time: { created: 4, completed: 5 }, providerID: 'stub', modelID: 'echo' });
  part('prt_2', 'msg_4', { type: 'text', text: 'second' });
  part('prt_1', 'msg_4', { type: 'text', text: 'first' });
  part('prt_0', 'msg_1', { type: 'text', text: 'left out' });
  const read = ask(messagesQuery(ID, 2));
  expect(read.map(({ id, role, completed, model }) => ({ id, role, completed, model }))).toEqual([
    { id: 'msg_3', role: 'user', completed: null, model: null },
    { id: 'msg_4', role: 'assistant', completed: 5, model: 'stub/echo' },
  ]);
  expect(read[1]?.parts).toMatchObject([{ text: 'first' }, { text: 'second' }]);
  expect(ask(messagesQuery('another', 2))).toEqual([]);
});

it('the list of things to do is read in its order', () => {
  const { db, ask } = makeDatabase();
  const add = db.prepare('INSERT INTO todo VALUES (?, ?, ?, ?, ?)');
  add.run(ID, 'then this', 'pending', 'low', 2);
  add.run(ID, 'this', 'completed', 'high', 1);
  expect(ask(todosQuery(ID))).toMatchObject([{ status: 'completed' }, { status: 'pending' }]);
});

it('the changes of all prompts are joined by file', () => {
  const { message, ask } = makeDatabase();
  const diff = (additions: number) => [{ file: 'a.ts', additions, deletions: 1, before: '', after: '' }];
  message('msg_1', 1, { role: 'user', summary: { diffs: diff(2) } });
  message('msg_2', 2, { role: 'assistant' });
  message('msg_3', 3, { role: 'user', summary: { diffs: diff(3) } });
  expect(ask(changesQuery(ID))).toMatchObject([{ path: 'a.ts', additions: 5, deletions: 2 }]);
  expect(ask(changesQuery('another'))).toEqual([]);
});
