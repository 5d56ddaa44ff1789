import { describe, expect, it } from 'vitest';
import { parseOwnIdentity, parseServerLine } from '../../../src/opencode/server-process/server-line.ts';

const LINE = '{"version":1,"host":"box","pid":12,"startId":"345","port":4097,"opencode":"1.18.33","startedAt":1,';
const OWN = { pid: 12, startId: '345', port: 4097, version: '1.18.33' };

describe("the file of ocr's own server", () => {
  it('tells by its first line which process it is', () => {
    expect(parseOwnIdentity(LINE)).toEqual(OWN);
    expect(parseOwnIdentity(LINE.replace('"1.18.33"', 'null'))).toEqual({ ...OWN, version: null });
  });

  it.each(['', '{', LINE.slice(0, 40), LINE.replace('"version":1', '"version":2'), LINE.replace('4097', '0')])(
    'is not believed when it says %j',
    (line) => {
      expect(parseOwnIdentity(line)).toBeNull();
    },
  );
});

describe('the line of a server', () => {
  it('tells where it listens and works', () => {
    expect(parseServerLine('12 345 7=0100007F:1000 /srv/my  project ', null)).toEqual({
      ...{ pid: 12, startId: '345', hostname: '127.0.0.1', port: 4096 },
      ...{ directory: '/srv/my  project ', version: null, own: false },
    });
  });

  it('may tell no directory', () => {
    expect(parseServerLine('12 345 7=0100007F:1000 ', null)?.directory).toBeNull();
    expect(parseServerLine('12 345 7=0100007F:1000', null)?.directory).toBeNull();
  });

  it.each(['', 'x 345 7=0100007F:1000 /', '12 345', '12 345 nothing /'])('is passed over when it is %j', (line) => {
    expect(parseServerLine(line, null)).toBeNull();
  });

  it('is of ocr when process, start and port are those of its file', () => {
    const both = '12 345 7=0100007F:1000,8=0100007F:1001 /';
    expect(parseServerLine(both, OWN)).toMatchObject({ own: true, port: 4097, version: '1.18.33' });
    expect(parseServerLine('12 346 8=0100007F:1001 /', OWN)).toMatchObject({ own: false, version: null });
    expect(parseServerLine('13 345 8=0100007F:1001 /', OWN)).toMatchObject({ own: false });
    expect(parseServerLine('12 345 7=0100007F:1000 /', OWN)).toMatchObject({ own: false, port: 4096 });
  });
});
