import type { Host } from '../domain/host.ts';
import { programSize } from '../domain/program-size.ts';
import type { Session } from '../domain/session.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { onAbort } from '../lib/abort.ts';
import { markSeen } from '../operations/target.ts';
import { sessionKey } from '../store/keys.ts';
import type { TerminalSize } from '../transport/transport.ts';
import { type OpenSession, openSession } from './attach-open.ts';
import {
  type AttachEnd,
  reportEnd,
  reportFrozen,
  reportHiddenEnd,
  reportOpenFailure,
  reportRunning,
} from './attach-outcome.ts';
import { isElsewhere } from './attach-place.ts';
import type { AttachPorts, KeptProgram, ProgramWords } from './attach-ports.ts';
import { hasOlderRequest, showRequest, watchRequests } from './attach-requests.ts';
import { followStatus, hasStatusRow } from './attach-status.ts';
import { openingLine, silentLine } from './attach-words.ts';
import { say, sayError } from './feedback.ts';
import { act } from './fleet/act.ts';
import { dropLateKeys } from './late-keys.ts';
import { noteAction } from './note-action.ts';

/**
 * Milliseconds after which an opencode that has painted nothing counts as frozen. It sometimes freezes before its first frame
 * (github.com/anomalyco/opencode/issues/41284). On a busy host it took 25 s for that frame.
 */
const FROZEN_AFTER_MS = 60_000;

/** A session that is attached, seen or not. */
interface Attached {
  readonly key: string;
  readonly host: Host;
  readonly session: Session;
  readonly program: KeptProgram;
  readonly words: ProgramWords;
  /** As it was opened, whatever the settings are now. */
  readonly hasStatusLine: boolean;
  readonly throughServer: boolean;
  /** Epoch milliseconds of the last moment at which opencode had painted nothing yet. */
  openedAt: number;
  /** Epoch milliseconds at which opencode itself started; `null` until then. */
  readonly startedAt: () => number | null;
  shown: boolean;
  /** Ended by the dashboard itself. */
  dropped: boolean;
  /** Resolves when it has ended and is no longer listed. */
  readonly ended: Promise<AttachEnd>;
}

/**
 * Keeps the attached sessions: each keeps running when it is left, and is shown at once when it is reopened. Failures
 * become toasts.
 */
export class AttachDesk {
  readonly #ports: AttachPorts;
  readonly #attached = new Map<string, Attached>();
  readonly #resize = () => {
    for (const { program } of this.#attached.values()) program.resize(this.#size);
  };
  /** Label of the host on which one is being opened. */
  #opening: string | null = null;
  #closed = false;
  #visiting: { readonly attached: Attached; readonly aside: AbortController; readonly over: Promise<void> } | null =
    null;

  constructor(ports: AttachPorts) {
    this.#ports = ports;
    ports.terminal.stdout.on('resize', this.#resize);
    onAbort(ports.signal, () => this.close());
  }

  /** Returns how many are running. */
  running(): number {
    return this.#attached.size;
  }

  isRunning(alias: string, sessionId: string): boolean {
    return this.#attached.has(sessionKey(alias, sessionId));
  }

  /** Attaches to a session. If opencode would not show its pending request, shows the triage view instead, unless `anyway` is set. */
  readonly attach = async (alias: string, sessionId: string, anyway = false): Promise<void> => {
    const { store } = this.#ports;
    const openedAt = this.#attached.get(sessionKey(alias, sessionId))?.openedAt ?? Number.POSITIVE_INFINITY;
    const asksFirst = !anyway && !this.#closed && hasOlderRequest(store.getState(), { alias, id: sessionId, openedAt });
    if (asksFirst && showRequest(store, alias, sessionId, Date.now())) return;
    await this.#attach(alias, sessionId);
  };

  /**
   * Hands the terminal to opencode on the session's host until it ends or is left. If the user has moved on meanwhile,
   * keeps the terminal and shows a toast instead. Opens one at a time. Never rejects.
   */
  async #attach(alias: string, sessionId: string): Promise<void> {
    const { store } = this.#ports;
    const entry = store.getState().entries.get(alias);
    if (this.#closed) return;
    noteAction('attach');
    const running = this.#attached.get(sessionKey(alias, sessionId));
    const label = (running?.host ?? entry?.host)?.label ?? alias;
    try {
      if (running !== undefined) await this.#visit(running);
      else if (this.#opening !== null) say(store, `a session on ${this.#opening} is being opened: wait for that`);
      else if (entry !== undefined) await this.#openAndVisit(entry.host, sessionId);
    } catch (error) {
      if (this.#closed) return;
      reportOpenFailure(store, label, error);
      void this.#ports.refreshHost(alias);
    }
  }

  /** Inserts our own output, such as a bell, into the shown program's output; returns false if none is shown. */
  insert(text: string): boolean {
    return [...this.#attached.values()].some(({ shown, program }) => shown && program.insert(text));
  }

  /** Leaves the shown program silently. Resolves to a function that shows it again; `null` if none is shown. */
  async stepAside(): Promise<(() => void) | null> {
    const visit = this.#visiting;
    if (visit === null) return null;
    visit.aside.abort();
    await visit.over;
    const { host, session } = visit.attached;
    return () => void this.attach(host.alias, session.id, true);
  }

  /** Ends one without a word, such as before its session is deleted. */
  readonly end = (alias: string, sessionId: string): void => {
    const attached = this.#attached.get(sessionKey(alias, sessionId));
    if (attached !== undefined) this.#drop(attached);
  };

  /** Ends all without a word. */
  close(): void {
    this.#closed = true;
    this.#ports.terminal.stdout.off('resize', this.#resize);
    for (const attached of this.#attached.values()) this.#drop(attached);
  }

  get #size(): TerminalSize {
    const { columns, rows } = this.#ports.terminal.stdout;
    return { columns, rows };
  }

  async #openAndVisit(host: Host, sessionId: string): Promise<void> {
    const { store } = this.#ports;
    const before = store.getState();
    this.#opening = host.label;
    const opened = Promise.withResolvers<Attached | null>();
    await act(this.#ports, `opening the session on ${host.label}`, (tell) =>
      this.#open(host, sessionId, tell).then(opened.resolve, opened.reject),
    );
    this.#opening = null;
    const attached = await opened.promise;
    if (attached === null) return;
    if (isElsewhere(before, store.getState())) reportRunning(store, attached.session, 'opened');
    else await this.#visit(attached);
  }

  async #open(host: Host, sessionId: string, tell: (text: string) => void): Promise<Attached | null> {
    const { store } = this.#ports;
    const size = this.#size;
    const begun = Date.now();
    const hasStatusLine = this.#ports.statusLine ?? true;
    const inner = programSize(size, hasStatusLine);
    const opened = await openSession(this.#ports, { host, sessionId, size: inner }, tell);
    if (opened === 'unreachable') {
      sayError(store, `${host.label} cannot be reached`, failureLines(this.#ports.fleet, host.alias));
      return null;
    }
    if (opened === 'gone') {
      say(store, 'that session is gone');
      return null;
    }
    const program = await this.#ports.keepProgram(opened.pty, size, opened.wake, hasStatusLine);
    const key = sessionKey(host.alias, sessionId);
    const attached: Attached = {
      key,
      host: opened.host,
      session: opened.session,
      program,
      hasStatusLine,
      throughServer: opened.throughServer,
      shown: false,
      dropped: false,
      startedAt: opened.startedAt,
      words: this.#wordsFor(opened, begun, (now) => {
        attached.openedAt = now;
      }),
      openedAt: Date.now(),
      ended: program.exit.then(
        async (exit): Promise<AttachEnd> => this.#gone(attached, { kind: 'exit', exit, lines: await program.lines() }),
        (error: unknown) => this.#gone(attached, { kind: 'error', error }),
      ),
    };
    this.#attached.set(key, attached);
    this.#publish();
    // The desk may have been closed while the program started.
    if (this.#closed) this.#drop(attached);
    void attached.ended.then((outcome) => {
      if (attached.shown || attached.dropped) return;
      reportHiddenEnd(store, attached.host, attached.session, outcome);
      void this.#ports.refreshHost(host.alias);
    });
    return attached;
  }

  #wordsFor({ host, session, startedAt }: OpenSession, begun: number, opensStill: (now: number) => void): ProgramWords {
    const { signs } = this.#ports;
    const named = { title: session.title, host: host.label, ellipsis: signs.ellipsis };
    return {
      opening: (columns) => {
        const now = Date.now();
        opensStill(now);
        const doing = startedAt() !== null ? 'starting opencode' : 'logging in';
        return openingLine({ ...named, doing, elapsed: now - begun, spinner: signs.spinner(now) }, columns);
      },
      silent: (columns) => silentLine(named, columns),
    };
  }

  async #visit(attached: Attached): Promise<void> {
    const { store, terminal, signal } = this.#ports;
    const { host, session, program, words } = attached;
    if (this.#closed || attached.dropped) return;
    if (this.#ports.isTerminalLent()) {
      if (!attached.shown) reportRunning(store, session, 'opened');
      return;
    }
    const seen = { begun: false, detached: false };
    const aside = new AbortController();
    const over = Promise.withResolvers<void>();
    attached.shown = true;
    this.#visiting = { attached, aside, over: over.promise };
    try {
      await this.#ports.suspendTerminal(async () => {
        seen.begun = true;
        this.#lookAt(attached);
        const shown = () => ({ alias: host.alias, id: session.id, openedAt: attached.openedAt });
        const { signs } = this.#ports;
        const hasRow = () => hasStatusRow(this.#size, attached.hasStatusLine);
        const stopWatching = watchRequests(store, shown, signs, (notice) => program.say(notice), hasRow);
        const named = { title: session.title, host: host.label, directory: session.directory };
        const status = followStatus(store, shown, { ...named, sign: signs.attention, ellipsis: signs.ellipsis });
        const end = await program
          .show(terminal, AbortSignal.any([signal, aside.signal]), { ...words, status })
          .catch(() => null);
        stopWatching();
        seen.detached = end === 'detached';
        this.#lookAt(attached);
        dropLateKeys(store);
      });
    } finally {
      // If it has ended meanwhile, the end is reported below.
      if (this.#attached.has(attached.key)) attached.shown = seen.begun && !seen.detached;
      this.#visiting = null;
      over.resolve();
    }
    if (this.#closed || attached.dropped) return;
    if (aside.signal.aborted && this.#attached.has(attached.key)) return;
    if (!this.#attached.has(attached.key) || attached.shown) reportEnd(store, host, session, await attached.ended);
    else if (isFrozen(attached)) this.#dropFrozen(attached);
    else reportRunning(store, session, seen.begun ? 'left' : 'opened');
    void this.#ports.refreshHost(host.alias);
  }

  /** Changes in a session while it is shown are not news. */
  #lookAt({ host, session }: Attached): void {
    const { fleet } = this.#ports;
    const entry = fleet.getState().entries.get(host.alias);
    if (entry !== undefined) markSeen({ fleet, clock: Date.now }, { entry, session });
  }

  #drop(attached: Attached): void {
    attached.dropped = true;
    attached.program.close();
  }

  /** Drops it at once: a frozen program may take long to end, and the session can be reopened meanwhile. */
  #dropFrozen(attached: Attached): void {
    this.#drop(attached);
    this.#forget(attached);
    reportFrozen(this.#ports.store, attached.host);
  }

  #gone(attached: Attached, outcome: AttachEnd): AttachEnd {
    this.#forget(attached);
    return outcome;
  }

  #forget(attached: Attached): void {
    if (this.#attached.get(attached.key) !== attached) return;
    this.#attached.delete(attached.key);
    this.#publish();
  }

  #publish(): void {
    const refs = [...this.#attached].map(
      ([key, { host, session, throughServer }]) => [key, { alias: host.alias, id: session.id, throughServer }] as const,
    );
    this.#ports.store.setState({ attached: new Map(refs) });
  }
}

function isFrozen({ program, startedAt }: Attached): boolean {
  const started = startedAt();
  return !program.hasPainted && started !== null && Date.now() - started > FROZEN_AFTER_MS;
}

function failureLines(fleet: FleetStore, alias: string): string[] {
  const failure = fleet.getState().entries.get(alias)?.failure;
  return failure ? [failure.reason, ...(failure.hint?.split('\n') ?? [])] : [];
}
