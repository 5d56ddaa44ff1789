import { describe, expect, it } from 'vitest';
import { ReadOnlyError } from '../../src/fleet/read-only.ts';
import { anEngine } from '../support/an-engine.ts';

const { signal } = new AbortController();

const aliases = ['kept', 'free'];

describe('a read-only host', () => {
  const onlyOne = 'hosts: {overrides: {kept: {readonly: true}}}';

  it('gives a writer neither a connection nor a client nor a server', async () => {
    const { engine } = anEngine(onlyOne, aliases);
    const context = engine.context({ exportFolder: '/exports', signal });
    const outcomes = await Promise.allSettled([
      context.transport('kept', 'write', signal),
      context.clientFor({ alias: 'kept', id: null }, 'write', signal),
      context.clientFor({ alias: 'kept', id: 'ses_1' }, 'write', signal),
      context.startServer('kept', signal),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ status: 'rejected', reason: expect.any(ReadOnlyError) });
    }
  });

  it('is still read, without a server being started for that', async () => {
    const { engine } = anEngine(onlyOne, aliases);
    expect((await engine.transport('kept', 'read', signal)).closed).toBe(false);
    await expect(engine.clientFor({ alias: 'kept', id: null }, 'read', signal)).rejects.toThrow(
      'ocr starts none on a read-only host',
    );
  });

  it('does not keep writers from other hosts', async () => {
    const { engine } = anEngine(onlyOne, aliases);
    expect((await engine.transport('free', 'write', signal)).closed).toBe(false);
  });

  it('is every host with readonly: true', async () => {
    const { engine } = anEngine('readonly: true', aliases);
    await expect(engine.transport('free', 'write', signal)).rejects.toThrow('free is read-only');
  });

  it('follows the configuration while the program runs', async () => {
    const { engine, config } = anEngine('', aliases);
    expect((await engine.transport('free', 'write', signal)).closed).toBe(false);
    engine.config.replace({ ...config, readonly: true });
    expect(engine.isReadOnly('free')).toBe(true);
    await expect(engine.transport('free', 'write', signal)).rejects.toThrow('free is read-only');
  });

  it('is reported as unknown once it is no longer listed', async () => {
    const { engine, fleet } = anEngine('', aliases);
    fleet.setState({ entries: new Map() });
    await expect(engine.transport('free', 'write', signal)).rejects.toThrow('free is no longer listed');
  });
});
