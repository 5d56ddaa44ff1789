import type { DemoOpencode, Kept } from '../model/opencode.ts';

/** Returns the rows that SESSION_SQL selects from opencode's database. */
export function sessionRows(opencode: DemoOpencode): readonly unknown[] {
  const worktrees = new Map(opencode.projects.map(({ id, worktree }) => [id, worktree]));
  return [...opencode.kept.values()].map(({ session, messages }) => {
    const { id, parentID: parent, directory, title, time, agent, model, cost, tokens, summary } = session;
    const last = messages.at(-1)?.info;
    return {
      ...{ id, parent, directory, title, created: time.created, updated: time.updated },
      ...{ archived: time.archived ?? null, worktree: worktrees.get(session.projectID) ?? null, agent, cost },
      model: JSON.stringify(model),
      ...{ t_in: tokens.input, t_out: tokens.output, t_reason: tokens.reasoning },
      ...{ t_read: tokens.cache.read, t_write: tokens.cache.write, ...summary, messages: messages.length },
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
