import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PathBridge, type PieceTranslator } from '../../src/demo/host/path-bridge.ts';

const bridge = new PathBridge('/tmp/ocr-demo-a1b2c3/prod-api');
const ROOT = '/tmp/ocr-demo-a1b2c3/prod-api';

function through(translator: PieceTranslator, pieces: readonly string[]): string {
  const passed = pieces.map((piece) => translator.push(Buffer.from(piece)));
  return Buffer.concat([...passed, translator.end()]).toString();
}

describe('the paths of a simulated host', () => {
  it('lead to its folder, and only those below /home and /proc', () => {
    expect(bridge.inward("cd '/home/anna/src'; read -r x </proc/self/stat; ls /usr/bin /home")).toBe(
      `cd '${ROOT}/home/anna/src'; read -r x <${ROOT}/proc/self/stat; ls /usr/bin /home`,
    );
  });

  it('come back as the host has them', () => {
    expect(through(bridge.outwardPieces(), [`${ROOT}/home/anna\n/usr/bin\n`])).toBe('/home/anna\n/usr/bin\n');
  });

  it('are translated alike, wherever a stream is cut', () => {
    const word = fc.constantFrom('/proc/', '/home/', '/pro', '/h', 'x', '/', '\n', 'é', `${ROOT}/`, '/tmp/ocr-demo');
    const text = fc.array(word, { maxLength: 20 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 6 }), (whole, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((end, at) => whole.slice(places[at], end));
        expect(through(bridge.inwardPieces(), pieces)).toBe(through(bridge.inwardPieces(), [whole]));
        expect(through(bridge.outwardPieces(), pieces)).toBe(through(bridge.outwardPieces(), [whole]));
      }),
    );
  });

  it('holds no key back that is not the beginning of a path', () => {
    expect(bridge.inwardPieces().push(Buffer.from('ls\n')).toString()).toBe('ls\n');
  });
});
