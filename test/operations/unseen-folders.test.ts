import { describe, expect, it } from 'vitest';
import { newSessionForm } from '../../src/actions/fleet/sessions/new-session-form.ts';
import { knownDirectories } from '../../src/operations/known-directories.ts';
import { UnseenFolders } from '../../src/operations/unseen-folders.ts';
import { aHost, anEntry, aSession, aSnapshot } from '../support/builders.ts';

const route = { kind: 'url', url: 'http://dev', directory: '/srv/api', projectsPath: '/srv' } as const;
const sessions = [aSession({ directory: '/srv/web/app', project: '/srv/web' })];
const entry = anEntry({ host: aHost({ alias: 'dev', route }), snapshot: aSnapshot({ sessions }) });
const folders = new UnseenFolders(entry);

describe('the folders of a host that is known by its URL', () => {
  it('are those of its configuration and its sessions', async () => {
    expect(knownDirectories(entry)).toEqual(['/srv/api', '/srv', '/srv/web', '/srv/web/app']);
    expect((await folders.complete('/srv/w')).candidates.map(({ value }) => value)).toEqual([
      '/srv/web',
      '/srv/web/app',
    ]);
    expect(await folders.complete('/x')).toEqual({ candidates: [], note: 'no known folder begins like this' });
  });

  it('are entered by their whole path alone', async () => {
    expect(await folders.enter(' /srv/new/ ')).toBe('/srv/new');
    expect(await folders.enter('/')).toBe('/');
    await expect(folders.enter('~/new')).rejects.toThrow('give a path from / on');
  });

  it('cannot be created by the form of a new session', () => {
    const namesOf = (one: typeof entry) => newSessionForm(one, '/srv').fields.map(({ name }) => name);
    expect(namesOf(entry)).not.toContain('create');
    expect(namesOf(anEntry())).toContain('create');
  });
});
