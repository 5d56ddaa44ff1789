import { describe, expect, it } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import type { SavedRule } from '../../../src/opencode/server/saved-rules.ts';
import { type HostRules, listRules, removeRule } from '../../../src/operations/rules/saved-rules.ts';
import { FakeClient } from '../../actions/fleet/sessions/fake-client.ts';
import { aHost, anEntry, aSnapshot } from '../../support/builders.ts';
import { FakeContext } from '../fake-context.ts';

const rule: SavedRule = { id: 'psv_1', projectId: 'p1', action: 'bash', resource: 'touch *' };
const entries = ['web1', 'web2'].map((alias) => anEntry({ host: aHost({ alias }), snapshot: aSnapshot() }));

function clientWith(rules: readonly SavedRule[] | null): FakeClient {
  return new FakeClient({
    projectIds: async () => new Map([['p1', '/srv/shop']]),
    rules: async () => rules,
    health: async () => ({ version: '1.17.2' }),
  });
}

async function listed(fake: FakeContext): Promise<HostRules[]> {
  const found: HostRules[] = [];
  for await (const one of listRules(fake.context)) found.push(one);
  return found;
}

describe('the list of rules', () => {
  it('names the project in which each rule holds', async () => {
    const fake = new FakeContext(entries, clientWith([rule, { ...rule, id: 'psv_2', projectId: 'gone' }]));
    expect(await listed(fake)).toEqual(
      ['web1', 'web2'].map((alias) => ({
        kind: 'kept',
        alias,
        rules: [
          { alias, id: 'psv_1', action: 'bash', resource: 'touch *', project: '/srv/shop' },
          { alias, id: 'psv_2', action: 'bash', resource: 'touch *', project: null },
        ],
      })),
    );
  });

  it('says which opencode keeps none', async () => {
    const [one] = await listed(new FakeContext(entries, clientWith(null)));
    expect(one).toEqual({ kind: 'not-kept', alias: 'web1', reason: 'not kept by this server (opencode 1.17.2)' });
  });

  it('starts no server, and asks no host that never answered', async () => {
    const never = anEntry({ host: aHost({ alias: 'web3' }), snapshot: null });
    expect(await listed(new FakeContext([...entries.slice(0, 1), never], null))).toEqual([
      { kind: 'failed', alias: 'web1', reason: 'no server is connected' },
    ]);
  });
});

describe('the removal of a rule', () => {
  const target = { alias: 'web1', id: 'psv_1' };

  it('is checked by looking again', async () => {
    let rules = [rule];
    const client = clientWith(null);
    client.answers.rules = async () => rules;
    client.answers.removeRule = async (id) => {
      rules = rules.filter((one) => one.id !== id);
    };
    const fake = new FakeContext(entries, client);
    await removeRule(fake.context, target);
    expect(rules).toEqual([]);
    expect(fake.log('web1')).toEqual(['remove rule psv_1: removed']);
    await expect(removeRule(fake.context, target)).rejects.toThrow('web1: that rule is already gone');
  });

  it('fails if the server lists the rule as before', async () => {
    const client = clientWith([rule]);
    client.answers.removeRule = async () => {};
    const removing = removeRule(new FakeContext(entries, client).context, target);
    await expect(removing).rejects.toThrow('still lists the rule');
    // It is the server's fault, and no bug.
    await expect(removing).rejects.toBeInstanceOf(ExpectedError);
  });

  it('is refused on a read-only host', async () => {
    const fake = new FakeContext(entries, clientWith([rule]), true);
    await expect(removeRule(fake.context, target)).rejects.toThrow('read-only');
  });
});
