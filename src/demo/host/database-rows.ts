import type { DemoOpencode, Kept } from '../model/opencode.ts';

/** Milliseconds before now that count as today, so that a demo after midnight shows money too. */
const DAY_MS = 14 * 3_600_000;

/** Returns the rows that `sessionSql` selects from opencode's database. */
export function sessionRows(opencode: DemoOpencode): readonly unknown[] {
  const worktrees = new Map(opencode.projects.map(({ id, worktree }) => [id, worktree]));
  return [...opencode.kept.values()].map(({ session, messages }) => {
    const { id, parentID: parent, directory, title, time, agent, model, cost, tokens, summary } = session;
    const last = messages.at(-1)?.info;
    const prompts = messages.filter(({ info }) => info.role === 'user').length;
    const { input, output, reasoning, cache } = tokens;
    const use = [cost, input, output, reasoning, cache.read, cache.write, prompts];
    return {
      ...{ id, parent, directory, title, created: time.created, updated: time.updated },
      ...{ archived: time.archived ?? null, worktree: worktrees.get(session.projectID) ?? null, agent, cost },
      model: JSON.stringify(model),
      ...{ t_in: input, t_out: output, t_reason: reasoning, t_read: cache.read, t_write: cache.write },
      ...{ ...summary, messages: messages.length },
      today: time.updated < opencode.now() - DAY_MS ? null : JSON.stringify(use),
      last:
        last === undefined ? null : JSON.stringify([last.role, last.time.completed ?? null, last.error?.name ?? null]),
    };
  });
}

/** Returns the rows of `messagesQuery`. */
export function messageRows({ messages }: Kept): readonly unknown[] {
  return messages.flatMap(({ info, parts }) => [
    { kind: 'message', id: info.id, of: info.id, data: JSON.stringify(info) },
    ...parts.map((part) => ({ kind: 'part', id: part.id, of: info.id, data: JSON.stringify(part) })),
  ]);
}

export function todoRows({ todos }: Kept): readonly unknown[] {
  return todos;
}

/** Returns the rows of `changesQuery`. */
export function changeRows({ messages }: Kept): readonly unknown[] {
  return messages.flatMap(({ info }) =>
    info.summary === undefined ? [] : [{ diffs: JSON.stringify(info.summary.diffs) }],
  );
}

/** Returns the lines in which the simulated `sqlite3` searches: session, message, role, time, and the text as JSON, with tabs between. */
export function textLines({ messages }: Kept): string {
  return messages
    .flatMap(({ info, parts }) =>
      parts.flatMap((part) =>
        part.type === 'text'
          ? [[info.sessionID, info.id, info.role, info.time.created, JSON.stringify(part.text)].join('\t')]
          : [],
      ),
    )
    .map((line) => `${line}\n`)
    .join('');
}
