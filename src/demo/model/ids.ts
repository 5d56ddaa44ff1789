import type { Random } from '../random.ts';

const COUNTER_RANGE = 4096;
const TIME_BITS = 48n;
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export type IdPrefix = 'ses' | 'msg' | 'prt' | 'per' | 'que' | 'evt' | 'call';

/** Makes ids as opencode does (packages/opencode/src/id/id.ts): ascending by their time, and told apart by a counter. */
export class Ids {
  readonly #random: Random;
  #counter = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param at epoch milliseconds */
  make(prefix: IdPrefix, at: number): string {
    this.#counter = (this.#counter + 1) % COUNTER_RANGE;
    const time = BigInt.asUintN(
      Number(TIME_BITS),
      BigInt(Math.trunc(at)) * BigInt(COUNTER_RANGE) + BigInt(this.#counter),
    );
    const tail = Array.from({ length: 14 }, () => LETTERS[this.#random.between(0, LETTERS.length - 1)]).join('');
    return `${prefix}_${time.toString(16).padStart(12, '0')}${tail}`;
  }
}
