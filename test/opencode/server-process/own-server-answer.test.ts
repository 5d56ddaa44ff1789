import { describe, expect, it } from 'vitest';
import { parseOwnSecret, parseOwnServer } from '../../../src/opencode/server-process/own-server-answer.ts';

const SECRET = 'f00d'.repeat(16);
const FILE = `{"version":1,"host":"box","pid":12,"startId":"345","port":4097,"opencode":null,"startedAt":1,\n"password":"${SECRET}"}\n`;
const FOUND = `@ocr file /home/a b/server.json\n@ocr server 12 345 7=0100007F:1001 /home/a b\n@ocr content\n${FILE}`;
const failure = (output: string) => {
  try {
    return parseOwnServer(output);
  } catch (error) {
    return error;
  }
};

describe("a host's answer about ocr's own server", () => {
  it('gives the server and its password', () => {
    const server = {
      ...{ pid: 12, startId: '345', hostname: '127.0.0.1', port: 4097, directory: '/home/a b', version: null },
      own: true,
    };
    const found = { server, password: SECRET, path: '/home/a b/server.json', started: false };
    expect(parseOwnServer(FOUND)).toEqual(found);
    expect(parseOwnServer(`a notice\n@ocr started\n${FOUND}`)).toEqual({ ...found, started: true });
  });

  it('says why it did not start, with what it printed', () => {
    expect(failure('@ocr failed it ended at once\n@ocr log one\n@ocr log  two\n')).toMatchObject({
      kind: 'start-failed',
      message: 'opencode serve did not start: it ended at once',
      hint: 'one\n two',
    });
    expect(failure('@ocr failed it ended at once\n')).toMatchObject({ hint: null });
    expect(failure('@ocr busy\n')).toMatchObject({ kind: 'busy' });
  });

  it.each([
    '',
    FOUND.replace('12 345', '12 346'),
    FOUND.replace('"version":1', '"version":2'),
    FOUND.replace('"password"', '"word"'),
    FOUND.replace('@ocr file', '@ocr fold'),
  ])('is not understood otherwise, and nothing of it is repeated', (output) => {
    const error = failure(output);
    expect(error).toMatchObject({ kind: 'protocol' });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(SECRET);
  });
});

it('the password is taken only for the server that the file names', () => {
  const { server } = parseOwnServer(FOUND);
  expect(parseOwnSecret(FILE, server)).toBe(SECRET);
  expect(parseOwnSecret(FILE, { ...server, startId: '346' })).toBeNull();
  expect(parseOwnSecret('', server)).toBeNull();
});
