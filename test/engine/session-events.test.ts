import { expect, it } from 'vitest';
import type { LiveEvent } from '../../src/domain/live.ts';
import { SessionEvents } from '../../src/engine/session-events.ts';
import { aPermission } from '../support/builders.ts';

const busy = (sessionId: string): LiveEvent => ({ kind: 'status', sessionId, status: { kind: 'busy' } });
const asked: LiveEvent = { kind: 'asked', request: aPermission({ sessionId: 'ses_1' }) };
const deleted: LiveEvent = { kind: 'deleted', sessionId: 'ses_1' };
const session: LiveEvent = {
  kind: 'session',
  facts: { id: 'ses_1', parentId: null, title: '', directory: '/', created: 1, updated: 1, archived: null },
};
const one = { alias: 'web1', id: 'ses_1' };

function listening() {
  const heard: LiveEvent[] = [];
  return { heard, listener: (event: LiveEvent) => void heard.push(event) };
}

it('hands every event of a session to each of its listeners, in order', () => {
  const events = new SessionEvents();
  const [first, second] = [listening(), listening()];
  events.listen(one, first.listener);
  events.listen(one, second.listener);
  events.publish('web1', [busy('ses_1'), session, asked]);
  events.publish('web1', [deleted]);
  expect(first.heard).toEqual([busy('ses_1'), session, asked, deleted]);
  expect(second.heard).toEqual(first.heard);
});

it('keeps the events of other sessions and of other hosts apart', () => {
  const events = new SessionEvents();
  const { heard, listener } = listening();
  events.listen(one, listener);
  events.publish('web1', [busy('ses_2')]);
  events.publish('web2', [busy('ses_1')]);
  expect(heard).toEqual([]);
});

it('calls a listener no more once it is stopped, even by another listener of the same event', () => {
  const events = new SessionEvents();
  const { heard, listener } = listening();
  const stops: (() => void)[] = [];
  events.listen(one, () => {
    for (const stop of stops) stop();
  });
  stops.push(events.listen(one, listener));
  events.publish('web1', [asked]);
  expect(heard).toEqual([]);
  for (const stop of stops) stop();
  events.listen(one, listener);
  events.publish('web1', [deleted]);
  expect(heard).toEqual([deleted]);
});

it('counts the same function twice when it listens twice', () => {
  const events = new SessionEvents();
  const { heard, listener } = listening();
  const stop = events.listen(one, listener);
  events.listen(one, listener);
  stop();
  events.publish('web1', [deleted]);
  expect(heard).toEqual([deleted]);
});
