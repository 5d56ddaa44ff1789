import { describe, expect, it } from 'vitest';
import { FirstSeen } from '../../../src/opencode/server/first-seen.ts';
import { timeOfId } from '../../../src/opencode/server/id-time.ts';

/** As opencode 1.18.33 wrote it, with its `time_created`. */
const MADE = 1_795_268_104_206;
const MESSAGE = 'msg_1fe51500e001039YV8ROd48B3b';

describe('the time in an id', () => {
  it('is when it was made, also when the round of the cut off bits has ended since', () => {
    expect(timeOfId(MESSAGE, MADE + 1000)).toBe(MADE);
    expect(timeOfId(MESSAGE, MADE + 2 ** 35)).toBe(MADE);
    expect(timeOfId('per_ffffffffffff', MADE)).toBeLessThanOrEqual(MADE + 60_000);
  });

  it('is not there in an id of another form', () => {
    expect(timeOfId('per_1', MADE)).toBeNull();
    expect(timeOfId('', MADE)).toBeNull();
  });
});

describe('a request', () => {
  it('waits since its id was made, whenever it is first seen', () => {
    const seen = new FirstSeen(() => MADE + 240_000);
    expect(seen.since(MESSAGE.replace('msg', 'per'))).toBe(MADE);
  });

  it('waits since it is first seen when its id tells no time, or one that cannot be', () => {
    const day = 24 * 60 * 60_000;
    const seen = new FirstSeen(() => MADE + 30 * day);
    expect(seen.since('per_1')).toBe(MADE + 30 * day);
    expect(seen.since(MESSAGE)).toBe(MADE + 30 * day);
  });
});
