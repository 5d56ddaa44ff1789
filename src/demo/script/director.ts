import type { DemoOpencode, Kept } from '../model/opencode.ts';
import { bashCall, editCall } from '../model/tools.ts';
import { addPrompt } from '../model/write-messages.ts';
import type { Random } from '../random.ts';
import type { SessionState } from '../seeds/seed.ts';
import { planAnswer, planAsk, planTurn, planWork } from './plan.ts';
import { type Reply, Turn } from './turn.ts';

/** Milliseconds between two requests to the user, over all hosts of a director. */
const ASK_EVERY_MS = [20_000, 40_000] as const;
const START_EVERY_MS = [4000, 12_000] as const;
const RETRY_MS = 15_000;
const MAX_ATTEMPTS = 6;
/** A turn in this many fails. */
const FAILS_ONE_IN = 12;
const ABORTED = { name: 'MessageAbortedError', data: { message: 'The operation was aborted.' } };

export interface DirectorLimits {
  /** Turns that run at once. */
  readonly working: number;
  /** Requests that wait at once; the script adds none beyond that. */
  readonly waiting: number;
}

interface Actor {
  readonly opencode: DemoOpencode;
  readonly kept: Kept;
}

/** Moves the sessions of all hosts as time passes, and answers what the user does to them. */
export class Director {
  readonly #opencodes: readonly DemoOpencode[];
  readonly #random: Random;
  readonly #limits: DirectorLimits;
  readonly #turns = new Map<string, Turn>();
  #askAt: number;
  #startAt: number;

  /** @param opencodes those whose sessions move by themselves */
  constructor(opencodes: readonly DemoOpencode[], random: Random, limits: DirectorLimits, now: number) {
    this.#opencodes = opencodes;
    this.#random = random;
    this.#limits = limits;
    this.#askAt = now + random.between(...ASK_EVERY_MS);
    this.#startAt = now + random.between(...START_EVERY_MS);
  }

  /** Brings a session into the state in which it starts. */
  begin({ opencode, kept }: Actor, state: SessionState): void {
    const { project } = kept;
    const at = kept.session.time.updated;
    const start = (steps = planWork(kept, this.#random)) => this.#start({ opencode, kept }, steps);
    switch (state.kind) {
      case 'working':
        return void start();
      case 'stalled':
        start().nextAt = Number.POSITIVE_INFINITY;
        return;
      case 'retrying':
        kept.status = { type: 'retry', attempt: 2, message: state.message, next: opencode.now() + RETRY_MS };
        return void start();
      case 'bash':
      case 'edit': {
        const { kind } = state;
        const call =
          kind === 'bash'
            ? bashCall(project, this.#random, state.command)
            : editCall(project, this.#random, state.file);
        const turn = start();
        turn.insert({ kind: 'call', call, asks: true });
        return turn.step(at);
      }
      case 'question': {
        const turn = start();
        turn.insert(state);
        return turn.step(at);
      }
      default:
    }
  }

  /** Lets the time pass until `now`, epoch milliseconds. */
  tick(now: number): void {
    for (const [id, turn] of this.#turns) {
      if (this.#retries(turn, now)) continue;
      if (now >= turn.nextAt) turn.step(now);
      if (turn.isOver) this.#turns.delete(id);
    }
    if (now >= this.#askAt) {
      this.#askAt = now + this.#random.between(...ASK_EVERY_MS);
      this.#askSomething();
    }
    if (now >= this.#startAt) {
      this.#startAt = now + this.#random.between(...START_EVERY_MS);
      if (this.#turns.size < this.#limits.working) this.#startSomewhere();
    }
  }

  /** Goes on with the turn whose request was answered. */
  reply(sessionId: string, reply: Reply, now: number): void {
    this.#turns.get(sessionId)?.resume(reply, now);
  }

  /** Takes the user's prompt: starts a turn, or answers at the end of the one that runs. */
  prompt(actor: Actor, text: string, now: number): void {
    const { opencode, kept } = actor;
    const message = addPrompt(opencode, kept, text, now);
    kept.session.time.updated = now;
    opencode.store(kept);
    const { id: sessionID, directory } = kept.session;
    opencode.emit(directory, 'message.updated', { sessionID, info: message.info });
    for (const part of message.parts) opencode.emit(directory, 'message.part.updated', { sessionID, part, time: now });
    const steps = planAnswer(kept, text, this.#random);
    const running = this.#turns.get(sessionID);
    if (running === undefined) this.#start(actor, steps);
    else running.answerLater(steps);
  }

  /** Stops the turn of a session, if one runs. */
  abort({ opencode, kept }: Actor, now: number): void {
    const { id } = kept.session;
    const asked = opencode.requestOf(id);
    if (asked !== null) {
      const isPermission = asked.kind === 'permission';
      opencode.settle(asked.id, isPermission ? 'permission.replied' : 'question.rejected', {
        ...(isPermission ? { reply: 'reject' } : {}),
      });
    }
    this.#turns.get(id)?.stop(now, ABORTED);
    this.#turns.delete(id);
  }

  #start({ opencode, kept }: Actor, steps: Parameters<Turn['answerLater']>[0]): Turn {
    const turn = new Turn(opencode, kept, steps, this.#random);
    this.#turns.set(kept.session.id, turn);
    return turn;
  }

  /** True if the turn still waits to try again. */
  #retries({ kept }: Turn, now: number): boolean {
    const { status } = kept;
    if (status?.type !== 'retry') return false;
    if (now < status.next) return true;
    const opencode = this.#opencodes.find((one) => one.kept.has(kept.session.id));
    const attempt = status.attempt + 1;
    opencode?.setStatus(
      kept,
      attempt > MAX_ATTEMPTS ? { type: 'busy' } : { ...status, attempt, next: now + RETRY_MS * attempt },
    );
    return attempt <= MAX_ATTEMPTS;
  }

  #askSomething(): void {
    const waiting = this.#opencodes.reduce((sum, { requests }) => sum + requests.size, 0);
    const running = [...this.#turns.values()].filter(
      ({ isWaiting, kept }) => !isWaiting && kept.status?.type === 'busy',
    );
    if (waiting >= this.#limits.waiting || running.length === 0) return;
    const turn = this.#random.pick(running);
    turn.insert(planAsk(turn.kept, this.#random));
  }

  #startSomewhere(): void {
    const opencode = this.#random.pick(this.#opencodes);
    const all = [...opencode.kept.values()];
    const resting = all.filter(
      ({ session, status }) => status === null && session.parentID === null && !session.time.archived,
    );
    // ocr asks a server about each directory at work, so that few of them spare this machine's CPU.
    const places = new Set(all.filter(({ status }) => status !== null).map(({ session }) => session.directory));
    const near = resting.filter(({ session }) => places.has(session.directory));
    const choices = near.length > 0 ? near : resting;
    if (choices.length === 0) return;
    const kept = this.#random.pick(choices);
    const turn = this.#start({ opencode, kept }, planTurn(kept, this.#random));
    if (this.#random.between(1, FAILS_ONE_IN) === 1) {
      turn.answerLater([{ kind: 'fail', message: '429 rate limit, gave up after 8 attempts' }]);
    }
  }
}
