import * as z from 'zod';
import type { Session } from '../../domain/session.ts';
import { splitModel } from './catalog-shape.ts';
import { ProjectBook } from './project-book.ts';
import { removeSavedRule } from './saved-rules.ts';
import { encodeDirectory, ServerCalls, type ServerClientOptions } from './server-calls.ts';
import { checkSession } from './session-shape.ts';

/** A session or a request, and the directory that it belongs to. */
interface InDirectory {
  readonly id: string;
  readonly directory: string;
}

export interface NewSession {
  readonly directory: string;
  readonly title: string | null;
  readonly agent: string | null;
  /** `provider/model`. */
  readonly model: string | null;
  /** True to allow every tool call without a question. */
  readonly allowAll?: boolean;
}

export interface NewPrompt extends InDirectory {
  /** Empty to send none, with a system prompt alone. */
  readonly text: string;
  readonly agent: string | null;
  /** `provider/model`. */
  readonly model: string | null;
  /** Added to the model's system prompt, for this message. */
  readonly system?: string | null;
  /** True to record the message without starting a turn. */
  readonly noReply?: boolean;
}

/** A rule that allows every tool call. */
const ALLOW_ALL = [{ permission: '*', pattern: '*', action: 'allow' as const }];

/** The requests to a server that change something. */
export class ServerActs {
  protected readonly calls: ServerCalls;
  protected readonly projectBook: ProjectBook;

  constructor(options: ServerClientOptions) {
    this.calls = new ServerCalls(options);
    this.projectBook = new ProjectBook(this.calls);
  }

  /** Rejects with `not-found` if the request is no longer pending. The message tells the model why it was rejected. */
  async replyPermission(
    { id, directory }: InDirectory,
    reply: 'once' | 'always' | 'reject',
    message: string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const said = message === null ? {} : { message };
    const query = { requestID: id, directory: encodeDirectory(directory), reply, ...said };
    await this.calls.call((sdk, options) => sdk.permission.reply(query, options), nothing, signal);
  }

  /**
   * Takes the picked labels or the typed text for each question. Rejects with `not-found` if the request is no longer
   * pending.
   */
  async replyQuestion(
    { id, directory }: InDirectory,
    answers: readonly (readonly string[])[],
    signal: AbortSignal,
  ): Promise<void> {
    const copy = answers.map((answer) => [...answer]);
    const query = { requestID: id, directory: encodeDirectory(directory), answers: copy };
    await this.calls.call((sdk, options) => sdk.question.reply(query, options), nothing, signal);
  }

  async rejectQuestion({ id, directory }: InDirectory, signal: AbortSignal): Promise<void> {
    const query = { requestID: id, directory: encodeDirectory(directory) };
    await this.calls.call((sdk, options) => sdk.question.reject(query, options), nothing, signal);
  }

  /** Removes a saved rule. Resolves for unknown ids too. */
  async removeRule(id: string, signal: AbortSignal): Promise<void> {
    await removeSavedRule(this.calls, id, signal);
  }

  async createSession(
    { directory, title, agent, model, allowAll = false }: NewSession,
    signal: AbortSignal,
  ): Promise<Session> {
    const named = modelOf(model);
    const query = {
      directory: encodeDirectory(directory),
      ...(title === null ? {} : { title }),
      ...(agent === null ? {} : { agent }),
      ...(named === null ? {} : { model: { providerID: named.providerID, id: named.modelID } }),
      ...(allowAll ? { permission: ALLOW_ALL } : {}),
    };
    const made = await this.calls.call((sdk, options) => sdk.session.create(query, options), checkSession, signal);
    return await this.projectBook.toSession(made, signal);
  }

  /**
   * Resolves once the server has accepted it. An invalid agent or model is reported later, by an `error` event. Without
   * an agent, the server uses its default one, not the session's.
   */
  async prompt(
    { id, directory, text, agent, model, system = null, noReply = false }: NewPrompt,
    signal: AbortSignal,
  ): Promise<void> {
    const named = modelOf(model);
    const query = {
      sessionID: id,
      directory: encodeDirectory(directory),
      parts: text === '' ? [] : [{ type: 'text' as const, text }],
      ...(system === null ? {} : { system }),
      ...(noReply ? { noReply } : {}),
      ...(agent === null ? {} : { agent }),
      ...(named === null ? {} : { model: named }),
    };
    await this.calls.call((sdk, options) => sdk.session.promptAsync(query, options), nothing, signal);
  }

  /** Stops the current turn. Resolves even if there is none, or if the session does not exist. */
  async abort(session: InDirectory, signal: AbortSignal): Promise<void> {
    await this.calls.call((sdk, options) => sdk.session.abort(queryOf(session), options), nothing, signal);
  }

  async rename(session: InDirectory, title: string, signal: AbortSignal): Promise<void> {
    const query = { ...queryOf(session), title };
    await this.calls.call((sdk, options) => sdk.session.update(query, options), nothing, signal);
  }

  /**
   * Archives a session, or takes it out of the archive.
   * @param at epoch milliseconds; `null` takes it out. The API cannot clear the time: it is set to 0, which opencode's own screens take for none.
   */
  async archive(session: InDirectory, at: number | null, signal: AbortSignal): Promise<void> {
    const query = { ...queryOf(session), time: { archived: at ?? 0 } };
    await this.calls.call((sdk, options) => sdk.session.update(query, options), nothing, signal);
  }

  /** Deletes a session and its subagents' sessions. */
  async remove(session: InDirectory, signal: AbortSignal): Promise<void> {
    await this.calls.call((sdk, options) => sdk.session.delete(queryOf(session), options), nothing, signal);
  }

  /** A new session with the messages of this one. */
  async fork(session: InDirectory, signal: AbortSignal): Promise<Session> {
    const query = queryOf(session);
    const made = await this.calls.call((sdk, options) => sdk.session.fork(query, options), checkSession, signal);
    return await this.projectBook.toSession(made, signal);
  }

  /** Makes the session readable for everybody who has the address, which it returns. Rejects with `http` where sharing is switched off. */
  async share(session: InDirectory, signal: AbortSignal): Promise<string> {
    const schema = z.object({ share: z.object({ url: z.string() }) });
    const query = queryOf(session);
    return await this.calls.call(
      (sdk, options) => sdk.session.share(query, options),
      (data) => schema.parse(data).share.url,
      signal,
    );
  }

  /** Returns the session's public link; `null` if it is not shared. */
  async shareUrl(session: InDirectory, signal: AbortSignal): Promise<string | null> {
    const schema = z.object({ share: z.object({ url: z.string() }).nullish() });
    return await this.calls.call(
      (sdk, options) => sdk.session.get(queryOf(session), options),
      (data) => schema.parse(data).share?.url ?? null,
      signal,
    );
  }

  async unshare(session: InDirectory, signal: AbortSignal): Promise<void> {
    await this.calls.call((sdk, options) => sdk.session.unshare(queryOf(session), options), nothing, signal);
  }
}

function queryOf({ id, directory }: InDirectory): { sessionID: string; directory: string } {
  return { sessionID: id, directory: encodeDirectory(directory) };
}

function modelOf(model: string | null): { providerID: string; modelID: string } | null {
  return model === null ? null : splitModel(model);
}

function nothing(): void {}
