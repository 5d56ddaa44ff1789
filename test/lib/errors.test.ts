import { describe, expect, it } from 'vitest';
import { ExpectedError, hintLinesOf, UserError } from '../../src/lib/errors.ts';
import { ServerError } from '../../src/opencode/server/server-error.ts';
import { ServerProcessError } from '../../src/opencode/server-process/server-process-error.ts';
import { ProbeError } from '../../src/probe/probe-error.ts';
import { TransportError } from '../../src/transport/transport.ts';

describe('an expected error', () => {
  const cause = new Error('below');
  const errors = [
    new UserError('m', { cause }),
    new TransportError('refused', 'm', { cause }),
    new ServerError('closed', 'GET /', 'm', { cause }),
    new ServerProcessError('busy', 'm', { cause }),
    new ProbeError('error', 'm'),
  ];

  it.each(errors.map((error) => [error.name, error] as const))(
    '%s has the one base, and no hint by itself',
    (_, error) => {
      expect(error).toBeInstanceOf(ExpectedError);
      expect(error.hint).toBeNull();
      expect(error.cause).toBe(error instanceof ProbeError ? undefined : cause);
    },
  );

  it('gives its hint line by line; any other value has none', () => {
    expect(hintLinesOf(new TransportError('refused', 'm', { hint: 'one\ntwo' }))).toEqual(['one', 'two']);
    expect(hintLinesOf(new UserError('m'))).toEqual([]);
    expect(hintLinesOf(new Error('m'))).toEqual([]);
    expect(hintLinesOf('m')).toEqual([]);
  });
});
