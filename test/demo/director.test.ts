import { describe, expect, it } from 'vitest';
import { buildSession } from '../../src/demo/model/build-session.ts';
import { Ids } from '../../src/demo/model/ids.ts';
import { DemoOpencode } from '../../src/demo/model/opencode.ts';
import { Random } from '../../src/demo/random.ts';
import { Director } from '../../src/demo/script/director.ts';
import { HOST_SEEDS } from '../../src/demo/seeds/hosts.ts';
import { parseSessions, parseState } from '../../src/demo/seeds/seed.ts';
import { timeOfId } from '../../src/opencode/server/id-time.ts';

const START = 1_700_000_000_000;
const MINUTE = 60_000;

/** A simulated opencode of one project, and its director, at a time that the test moves. */
function aStage(sessions: string, { seed = 1, working = 3, waiting = 2 } = {}) {
  let now = START;
  const random = new Random(seed);
  const project = { path: 'app', model: 'a/b', files: ['x.ts'], commands: ['npm test'], sessions };
  const projects = [{ id: 'p', worktree: '/home/me/app', seed: project }];
  const opencode = new DemoOpencode({ version: '1', now: () => now, ids: new Ids(random), projects });
  const director = new Director([opencode], random, { working, waiting }, now);
  const events: string[] = [];
  opencode.listen(({ payload }) => events.push(payload.type));
  const [place] = projects;
  if (place === undefined) throw new Error('no project');
  for (const one of parseSessions(sessions)) {
    director.begin({ opencode, kept: buildSession(opencode, place, one, random) }, one.state);
  }
  const pass = (milliseconds: number) => {
    for (const end = now + milliseconds; now < end; now += 500) director.tick(now);
  };
  const titled = (title: string) => {
    const kept = [...opencode.kept.values()].find(({ session }) => session.title === title);
    if (kept === undefined) throw new Error(`no session ${title}`);
    return kept;
  };
  return { opencode, director, events, pass, titled, now: () => now };
}

const RESTING = 'One | 2h | 0.10 | build |\nTwo | 3h | 0.20 | build |\nThree | 4h | 0.30 | plan |';

describe('the script of the demo', () => {
  it('starts turns by itself, streams them, and ends them', () => {
    const { events, pass } = aStage(RESTING, { waiting: 0 });
    pass(15 * MINUTE);
    expect(events).toContain('message.part.delta');
    expect(events).toContain('session.idle');
    expect(events.filter((type) => type === 'session.status').length).toBeGreaterThan(3);
  });

  it('asks the user something every 20 to 40 seconds, up to a limit', () => {
    const { opencode, pass } = aStage(RESTING, { waiting: 2 });
    pass(5 * MINUTE);
    expect(opencode.requests.size).toBe(2);
  });

  it('is the same for the same seed', () => {
    const run = (seed: number) => {
      const { events, pass, opencode } = aStage(RESTING, { seed });
      pass(3 * MINUTE);
      return JSON.stringify([events, [...opencode.kept.values()].map(({ messages }) => messages)]);
    };
    expect(run(7)).toBe(run(7));
    expect(run(7)).not.toBe(run(8));
  });

  it('begins with what the sessions ask, since when they ask it', () => {
    const { opencode, titled } = aStage('Ask | 14m | 0.10 | build | bash rm -r x');
    const [request] = opencode.requests.values();
    expect(request).toMatchObject({ permission: 'bash', patterns: ['rm -r x'], sessionID: titled('Ask').session.id });
    expect(timeOfId(request?.id ?? '', START)).toBe(START - 14 * MINUTE);
  });

  it('stops a turn whose request is rejected', () => {
    const { opencode, director, pass, titled, now } = aStage('Ask | 1m | 0.10 | build | edit y.ts', { working: 0 });
    const [request] = opencode.requests.values();
    opencode.settle(request?.id ?? '', 'permission.replied', { reply: 'reject' });
    director.reply(titled('Ask').session.id, { allowed: false, said: 'not now' }, now());
    const kept = titled('Ask');
    for (let tries = 0; kept.status !== null && tries < 100; tries += 1) pass(500);
    const parts = kept.messages.flatMap((message) => message.parts);
    expect(parts).toContainEqual(expect.objectContaining({ state: expect.objectContaining({ error: 'not now' }) }));
    expect(kept.status).toBeNull();
  });

  it('retries with longer and longer pauses, and then goes on', () => {
    const { pass, titled } = aStage('Again | 1m | 0.10 | build | retrying 529 overloaded', { waiting: 0, working: 0 });
    expect(titled('Again').status).toMatchObject({ type: 'retry', attempt: 2 });
    pass(MINUTE);
    expect(titled('Again').status).toMatchObject({ type: 'retry', attempt: 3 });
    pass(10 * MINUTE);
    expect(titled('Again').status?.type).not.toBe('retry');
  });

  it('says nothing in a session that stalls, until the user stops it', () => {
    const { director, opencode, pass, titled, now } = aStage('Still | 1m | 0.10 | build | stalled', { working: 0 });
    const kept = titled('Still');
    const before = JSON.stringify(kept.messages);
    pass(10 * MINUTE);
    expect(JSON.stringify(kept.messages)).toBe(before);
    director.abort({ opencode, kept }, now());
    expect(kept.status).toBeNull();
    expect(kept.messages.at(-1)?.info.error?.name).toBe('MessageAbortedError');
  });
});

describe('the seeds', () => {
  it('are eleven hosts with 100 to 180 sessions, each of a form that is read', () => {
    expect(HOST_SEEDS.map(({ alias }) => alias)).toHaveLength(11);
    const sessions = HOST_SEEDS.flatMap(({ projects }) =>
      projects.flatMap((project) => parseSessions(project.sessions)),
    );
    const all = sessions.length + sessions.flatMap(({ subagents }) => subagents).length;
    expect(all).toBeGreaterThan(100);
    expect(all).toBeLessThan(180);
  });

  it('are refused in another form', () => {
    expect(() => parseSessions('Title | soon | 1.00 | build |')).toThrow('not a session');
    expect(() => parseState('dancing')).toThrow('not a state');
  });

  it('hold a question and its choices', () => {
    expect(parseState('question Which? One / The other')).toEqual({
      ...{ kind: 'question', question: 'Which?', choices: ['One', 'The other'] },
    });
  });
});
