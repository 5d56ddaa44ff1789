import * as z from 'zod';
import type { DemoOpencode, Kept } from '../model/opencode.ts';
import type { Director } from '../script/director.ts';
import { listCatalog } from './catalog.ts';
import { changeSession, createSession, forkSession, removeSession } from './change-sessions.ts';

/** Told by every part of the demo that does not do what was asked. */
export const NOT_SIMULATED = 'not simulated in the demo';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

const ok = (body: unknown): ApiAnswer => ({ status: 200, body });
const failed = (status: number, name: string, message: string): ApiAnswer => ({
  ...{ status, body: { name, data: { message } } },
});
const notFound = (what: string) => failed(404, 'NotFoundError', `${what} not found`);

const permissionReply = z.object({ reply: z.enum(['once', 'always', 'reject']), message: z.string().optional() });
const questionReply = z.object({ answers: z.array(z.array(z.string())) });
const promptBody = z.object({
  parts: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  agent: z.string().optional(),
});

/** Answers the requests of the API of opencode 1.18 that `ocr` makes. */
export class Routes {
  readonly #opencode: DemoOpencode;
  readonly #director: Director;

  constructor(opencode: DemoOpencode, director: Director) {
    this.#opencode = opencode;
    this.#director = director;
  }

  answer(request: ApiRequest): ApiAnswer {
    const [, first = '', second = '', third = ''] = request.path.split('/').map(decodeURIComponent);
    const place = `${request.method} /${first}`;
    switch (place) {
      case 'GET /global':
        return second === 'health' ? ok({ healthy: true, version: this.#opencode.version }) : notFound(request.path);
      case 'GET /project':
        return ok(this.#opencode.projects.map(({ id, worktree }) => ({ id, worktree })));
      case 'GET /agent':
      case 'GET /config':
        return ok(listCatalog(request.path));
      case 'GET /permission':
      case 'GET /question':
        return ok(this.#requests(first, directoryOf(request)));
      case 'POST /permission':
        return third === 'reply' ? this.#replyPermission(second, request.body) : notFound(request.path);
      case 'POST /question':
        return this.#replyQuestion(second, third, request.body);
      case 'GET /experimental':
        return second === 'session' ? ok(this.#list()) : notFound(request.path);
      case 'POST /session':
        if (second === '') return ok(createSession(this.#opencode, directoryOf(request), request.body));
        break;
      case 'GET /session':
        if (second === 'status') return ok(this.#statuses(directoryOf(request)));
    }
    if (first !== 'session') return notFound(request.path);
    const kept = this.#opencode.kept.get(second);
    return kept === undefined ? notFound(`Session ${second}`) : this.#ofSession(kept, third, request);
  }

  #ofSession(kept: Kept, what: string, { method, query, body }: ApiRequest): ApiAnswer {
    const actor = { opencode: this.#opencode, kept };
    const now = this.#opencode.now();
    switch (`${method} ${what}`) {
      case 'GET ':
        return ok(kept.session);
      case 'GET children':
        return ok(this.#opencode.childrenOf(kept.session.id).map(({ session }) => session));
      case 'GET message':
        return ok(kept.messages.slice(-(Number(query.get('limit')) || kept.messages.length)));
      case 'GET todo':
        return ok(kept.todos);
      case 'GET diff':
        return ok(kept.changes);
      case 'PATCH ':
        return ok(changeSession(this.#opencode, kept, body));
      case 'DELETE ':
        this.#director.abort(actor, now);
        removeSession(this.#opencode, kept);
        return ok(true);
      case 'POST fork':
        return ok(forkSession(this.#opencode, kept));
      case 'POST abort':
        this.#director.abort(actor, now);
        return ok(true);
      case 'POST prompt_async': {
        const { parts, agent } = promptBody.parse(body);
        if (agent !== undefined) kept.session.agent = agent;
        this.#director.prompt(actor, parts.map(({ text }) => text ?? '').join('\n'), now);
        return { status: 204, body: null };
      }
      default:
        return failed(501, 'NotSimulatedError', NOT_SIMULATED);
    }
  }

  #requests(kind: string, directory: string): readonly unknown[] {
    const { requests, kept } = this.#opencode;
    return [...requests.values()]
      .filter((one) => one.kind === kind && kept.get(one.sessionID)?.session.directory === directory)
      .map(({ kind: _kind, ...request }) => request);
  }

  #statuses(directory: string): Record<string, unknown> {
    const busy = [...this.#opencode.kept.values()].filter(
      ({ session, status }) => status !== null && session.directory === directory,
    );
    return Object.fromEntries(busy.map(({ session, status }) => [session.id, status]));
  }

  #list(): readonly unknown[] {
    const worktrees = new Map(this.#opencode.projects.map(({ id, worktree }) => [id, worktree]));
    return [...this.#opencode.kept.values()]
      .map(({ session }) => ({ ...session, project: { worktree: worktrees.get(session.projectID) } }))
      .sort((one, other) => other.time.updated - one.time.updated);
  }

  #replyPermission(id: string, body: unknown): ApiAnswer {
    const { reply, message = '' } = permissionReply.parse(body);
    const request = this.#opencode.settle(id, 'permission.replied', { reply });
    if (request === null) return notFound(`Permission request ${id}`);
    const allowed = reply !== 'reject';
    this.#director.reply(request.sessionID, { allowed, said: allowed ? '' : message }, this.#opencode.now());
    return ok(true);
  }

  #replyQuestion(id: string, how: string, body: unknown): ApiAnswer {
    const allowed = how === 'reply';
    const answers = allowed ? questionReply.parse(body).answers : [];
    const type = allowed ? 'question.replied' : 'question.rejected';
    const request = this.#opencode.settle(id, type, allowed ? { answers } : {});
    if (request === null) return notFound(`Question request ${id}`);
    const said = allowed ? `You chose: ${answers.flat().join(', ')}. I go on with that.` : '';
    this.#director.reply(request.sessionID, { allowed, said }, this.#opencode.now());
    return ok(true);
  }
}

/** Decoded once more than HTTP does, as opencode 1.18.33 reads it. */
function directoryOf({ query }: ApiRequest): string {
  return decodeURIComponent(query.get('directory') ?? '');
}
