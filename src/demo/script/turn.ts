import type { DemoOpencode, Kept } from '../model/opencode.ts';
import type { DemoMessage, DemoPart } from '../model/session.ts';
import type { ToolCall } from '../model/tools.ts';
import { addAnswer, addCall, addChange, addText, finishCall } from '../model/write-messages.ts';
import type { Random } from '../random.ts';
import { askPermission, askQuestion } from './ask.ts';
import type { Step } from './plan.ts';

/** Milliseconds between two pieces of streamed text. */
const PIECE_MS = 500;
const WORDS_OF_PIECE = 5;
/** Dollars that one step costs. */
const STEP_COST = 0.01;
const TOOL_MS = [2000, 12_000] as const;
const PAUSE_MS = [1000, 4000] as const;

/** How a request was answered. */
export type Reply = { readonly allowed: boolean; readonly said: string };

/** A turn that runs: takes one step at a time, and waits where it asks the user. */
export class Turn {
  readonly kept: Kept;
  /** Epoch milliseconds of its next step; infinite while it waits for the user. */
  nextAt: number;
  readonly #opencode: DemoOpencode;
  readonly #random: Random;
  readonly #answer: DemoMessage;
  #steps: Step[];
  #words: { readonly part: DemoPart & { type: 'text' }; readonly rest: string[] } | null = null;
  #call: { readonly part: DemoPart; readonly call: ToolCall } | null = null;
  #isOver = false;

  constructor(opencode: DemoOpencode, kept: Kept, steps: readonly Step[], random: Random) {
    this.#opencode = opencode;
    this.kept = kept;
    this.#steps = [...steps];
    this.#random = random;
    const now = opencode.now();
    const last = kept.messages.at(-1);
    const isOpen = last?.info.role === 'assistant' && last.info.time.completed === undefined && !last.info.error;
    this.#answer = isOpen ? last : addAnswer(opencode, kept, now);
    this.nextAt = now + random.between(...PAUSE_MS);
    opencode.store(kept);
    if (kept.status?.type !== 'retry') opencode.setStatus(kept, { type: 'busy' });
    this.#tellMessage(this.#answer);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isWaiting(): boolean {
    return this.nextAt === Number.POSITIVE_INFINITY;
  }

  /** Puts a step before the others. */
  insert(step: Step): void {
    this.#steps.unshift(step);
  }

  /** Answers the user before the turn ends. */
  answerLater(steps: readonly Step[]): void {
    this.#steps = [...this.#steps.filter(({ kind }) => kind !== 'end'), ...steps];
  }

  step(now: number): void {
    if (this.#words !== null) return this.#stream(now, this.#words);
    if (this.#call !== null) this.#finishCall(now, null);
    const step = this.#steps.shift() ?? { kind: 'end' };
    this.nextAt = now + this.#random.between(...PAUSE_MS);
    this.kept.session.cost = Math.round((this.kept.session.cost + STEP_COST) * 100) / 100;
    switch (step.kind) {
      case 'say':
        return this.#say(step.text, now);
      case 'call':
        return this.#begin(step, now);
      case 'question':
        this.nextAt = Number.POSITIVE_INFINITY;
        return askQuestion(this.#opencode, this.kept, step, now);
      case 'todo':
        return this.#advanceTodos();
      case 'fail':
        return this.stop(now, { name: 'APIError', data: { message: step.message } });
      case 'end':
        return this.stop(now, null);
    }
  }

  /** Goes on after the user has answered. */
  resume({ allowed, said }: Reply, now: number): void {
    this.nextAt = now + this.#random.between(...PAUSE_MS);
    if (allowed) {
      if (this.#call !== null) this.nextAt = now + this.#random.between(...TOOL_MS);
      if (said !== '') this.insert({ kind: 'say', text: said });
      return;
    }
    if (this.#call !== null) this.#finishCall(now, said === '' ? 'The user rejected this.' : said);
    this.#steps = [{ kind: 'say', text: 'I was not allowed to do that, so I stop here.' }, { kind: 'end' }];
  }

  /** Ends the turn, with an error if it failed. */
  stop(now: number, error: DemoMessage['info']['error'] | null): void {
    if (this.#call !== null) this.#finishCall(now, error === null ? null : 'Tool execution aborted');
    this.#isOver = true;
    const { kept } = this;
    this.#answer.info.time.completed = now;
    if (error) this.#answer.info.error = error;
    kept.session.time.updated = now;
    if (error === null) for (const todo of kept.todos) todo.status = 'completed';
    this.#opencode.store(this.kept);
    this.#tellMessage(this.#answer);
    const { id: sessionID, directory } = kept.session;
    if (error) this.#opencode.emit(directory, 'session.error', { sessionID, error });
    this.#opencode.setStatus(kept, null);
    this.#opencode.tell(kept);
  }

  #say(text: string, now: number): void {
    const part = addText(this.#opencode, this.#answer, '', now);
    if (part.type !== 'text') return;
    this.#tellPart(part);
    this.#words = { part, rest: text.split(/(?<= )/) };
    this.nextAt = now + PIECE_MS;
  }

  #stream(now: number, { part, rest }: { part: DemoPart & { type: 'text' }; rest: string[] }): void {
    const delta = rest.splice(0, WORDS_OF_PIECE).join('');
    part.text += delta;
    const { id: partID, messageID, sessionID } = part;
    const properties = { sessionID, messageID, partID, field: 'text', delta };
    this.#opencode.emit(this.kept.session.directory, 'message.part.delta', properties);
    this.nextAt = now + PIECE_MS;
    if (rest.length > 0) return;
    this.#words = null;
    this.#touch(now);
    this.#tellPart(part);
  }

  #begin({ call, asks }: Extract<Step, { kind: 'call' }>, now: number): void {
    const part = addCall(this.#opencode, this.#answer, call, now);
    this.#call = { part, call };
    this.#tellPart(part);
    this.nextAt = asks ? Number.POSITIVE_INFINITY : now + this.#random.between(...TOOL_MS);
    if (asks) askPermission(this.#opencode, this.kept, call, now);
  }

  #finishCall(now: number, refused: string | null): void {
    if (this.#call === null) return;
    const { part, call } = this.#call;
    this.#call = null;
    finishCall(part, call, now, refused);
    if (refused === null) addChange(this.kept, call.change);
    this.#touch(now);
    this.#tellPart(part);
    this.#opencode.tell(this.kept);
  }

  #advanceTodos(): void {
    const { todos, session } = this.kept;
    const current = todos.find(({ status }) => status === 'in_progress');
    if (current !== undefined) current.status = 'completed';
    const next = todos.find(({ status }) => status === 'pending');
    if (next !== undefined) next.status = 'in_progress';
    if (todos.length === 0) return;
    this.#opencode.emit(session.directory, 'todo.updated', { sessionID: session.id, todos });
  }

  #touch(now: number): void {
    this.kept.session.time.updated = now;
    // Its messages are read from the server while the turn runs.
    this.#opencode.store(null);
  }

  #tellMessage({ info }: DemoMessage): void {
    const { directory, id: sessionID } = this.kept.session;
    this.#opencode.emit(directory, 'message.updated', { sessionID, info });
  }

  #tellPart(part: DemoPart): void {
    const { directory, id: sessionID } = this.kept.session;
    this.#opencode.emit(directory, 'message.part.updated', { sessionID, part, time: this.#opencode.now() });
  }
}
