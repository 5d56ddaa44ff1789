import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hashName,
  judgeHostKey,
  matchingEntries,
  parseKnownHosts,
} from '../../../src/transport/host-keys/known-hosts.ts';
import { type HostKey, makeHostKey } from '../../support/host-keys.ts';

const KEYS = [makeHostKey(), makeHostKey('ecdsa-sha2-nistp256'), makeHostKey('ssh-rsa')];
/** A key that is in no file. */
const STRANGER = makeHostKey();

const key = fc.constantFrom(...KEYS);
const blanks = fc.stringMatching(/^[ \t]{1,3}$/);
const name = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}$/),
  fc.ipV4(),
  fc.ipV6(),
  fc
    .tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.integer({ min: 1, max: 65_535 }))
    .map(([host, port]) => `[${host}]:${port}`),
);
/** Few letters, so that much matches. */
const shortName = fc.stringMatching(/^[ab]{0,7}$/);
const shortPattern = fc.stringMatching(/^[ab*?]{0,7}$/);

function isMatch(hosts: string, host: string): boolean {
  return matchingEntries(parseKnownHosts(`${hosts} ${KEYS[0]!.text}`, 'f'), host).length > 0;
}

/** The meaning of `*` and `?`, letter by letter. */
function globMatches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return globMatches(pattern.slice(1), text) || (text !== '' && globMatches(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && globMatches(pattern.slice(1), text.slice(1));
}

function verdictsOn(text: string, host: string, { type, blob }: HostKey): string {
  return judgeHostKey(matchingEntries(parseKnownHosts(text, 'f'), host), type, blob.toString('base64')).kind;
}

describe('any file of entries', () => {
  const entry = fc.record({
    marker: fc.constantFrom(null, 'cert-authority', 'revoked'),
    hosts: fc.oneof(
      fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join(',')),
      name.map((one) => hashName(one)),
    ),
    key,
    indent: fc.stringMatching(/^[ \t]{0,2}$/),
    between: fc.tuple(blanks, blanks, blanks),
    comment: fc.stringMatching(/^[!-~ ]{0,10}$/),
    end: fc.constantFrom('\n', '\r\n'),
  });

  it('is read as it was written, whatever the blanks, comments and line ends', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(entry, fc.constantFrom('', '# x', ' \t', '\r'))), (lines) => {
        const text = lines.map((line) => {
          if (typeof line === 'string') return `${line}\n`;
          const [first, second, third] = line.between;
          const marker = line.marker === null ? '' : `@${line.marker}${first}`;
          return `${line.indent}${marker}${line.hosts}${second}${line.key.text.replace(' ', third)} ${line.comment}${line.end}`;
        });
        const expected = lines.flatMap((line, index) =>
          typeof line === 'string'
            ? []
            : {
                file: 'f',
                line: index + 1,
                marker: line.marker,
                hosts: line.hosts,
                keyType: line.key.type,
                key: line.key.blob.toString('base64'),
              },
        );
        expect(parseKnownHosts(text.join(''), 'f')).toEqual(expected);
      }),
    );
  });
});

describe('any name', () => {
  it('is found hashed just when it is found plain', () => {
    fc.assert(
      fc.property(name, name, (recorded, asked) => {
        expect(isMatch(hashName(recorded), asked)).toBe(isMatch(recorded, asked));
        expect(isMatch(hashName(asked), asked)).toBe(true);
      }),
    );
  });

  it('is matched by a pattern as the meaning of * and ? has it', () => {
    fc.assert(
      fc.property(shortPattern, shortName, (pattern, host) => {
        expect(isMatch(`x,${pattern}`, host)).toBe(globMatches(pattern, host));
      }),
    );
  });

  it('is matched by a list just when a pattern matches it and no negation does', () => {
    const list = fc.array(fc.tuple(fc.boolean(), shortPattern), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(list, shortName, (patterns, host) => {
        const hosts = patterns.map(([negated, pattern]) => `${negated ? '!' : ''}${pattern}`).join(',');
        fc.pre(hosts !== '');
        const hits = patterns.filter(([, pattern]) => globMatches(pattern, host)).map(([negated]) => negated);
        expect(isMatch(hosts, host)).toBe(hits.includes(false) && !hits.includes(true));
      }),
    );
  });
});

describe('any garbage', () => {
  const token = fc.oneof(
    fc.constantFrom(
      '@revoked',
      '@cert-authority',
      '@',
      '*',
      'web1',
      '!web1',
      '|1|',
      hashName('web1'),
      '\r',
      '#',
      '\0',
      'ssh-rsa',
    ),
    fc.constantFrom(...KEYS.flatMap((one) => one.text.split(' '))),
    fc.string({ unit: 'binary' }),
  );
  const soup = fc.array(fc.tuple(token, fc.constantFrom(' ', '\t', ',', '\n', '')), { maxLength: 30 });

  it('never throws, and trusts and revokes no key that it does not hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((parts) => parts.flat().join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          expect(['unknown', 'changed']).toContain(verdictsOn(text, 'web1', STRANGER));
        },
      ),
    );
  });

  it('does not make a damaged key the one that it was', () => {
    const [type, blob] = STRANGER.text.split(' ') as [string, string];
    const letter = fc.constantFrom(...'ABCDabcd0123+/= \t#');
    fc.assert(
      fc.property(fc.nat({ max: blob.length - 1 }), letter, (at, other) => {
        fc.pre(blob[at] !== other);
        const damaged = `${blob.slice(0, at)}${other}${blob.slice(at + 1)}`;
        expect(verdictsOn(`web1 ${type} ${damaged}`, 'web1', STRANGER)).not.toBe('known');
      }),
    );
  });
});
