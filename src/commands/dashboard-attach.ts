import { AttachDesk } from '../actions/attach-desk.ts';
import type { AttachSigns, ServerFor, UrlAttach } from '../actions/attach-ports.ts';
import type { Config } from '../config/schema.ts';
import type { Host } from '../domain/host.ts';
import type { Engine } from '../engine/engine.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { UserError } from '../lib/errors.ts';
import type { OcrStore } from '../store/store.ts';
import type { Pty, Terminal, TerminalSize } from '../transport/transport.ts';

export interface AttachSources {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly engine: Promise<Engine>;
  /** Gives the terminal to another program while the callback runs. */
  readonly lend: (callback: () => Promise<void>) => Promise<void>;
  /** True if another program has the terminal. */
  readonly isTerminalLent: () => boolean;
  readonly signs: AttachSigns;
  /** The settings in force, which may change. */
  readonly sessions: () => Pick<Config['sessions'], 'attach' | 'status_line'>;
}

/** This machine, whether it is listed or not: no alias of an ssh config contains a blank. */
const THIS_MACHINE: Host = {
  ...{ alias: 'this machine', label: 'this machine', group: null, priority: 0, opencodePath: null },
  route: { kind: 'local' },
};

/** The attach actions of the dashboard, put together from their parts. */
export function attachDeskFrom(sources: AttachSources): AttachDesk {
  const { fleet, store, terminal, signal, engine, lend, isTerminalLent, signs, sessions } = sources;
  // A terminal for each program is much to load, and the first frame does without.
  const keeper = Promise.withResolvers<Keeper>();
  void engine.then(() => loadProgramKeeper().then(keeper.resolve, keeper.reject));
  keeper.promise.catch(() => {});
  const serverFor: ServerFor = async (host, session, stop) => (await engine).attachServer(host, session, stop);
  return new AttachDesk({
    fleet,
    store,
    terminal,
    signal,
    get serverFor() {
      return sessions().attach === 'direct' ? null : serverFor;
    },
    isTerminalLent,
    signs,
    get statusLine() {
      return sessions().status_line;
    },
    refreshHost: async (alias) => (await engine).refreshHost(alias),
    openTransport: async (host) => (await engine).connect(host, null, signal),
    byUrl: urlAttachOf(() => engine, signal),
    keepProgram: async (pty, size, wake, hasStatusLine) => (await keeper.promise)(pty, size, wake, hasStatusLine),
    suspendTerminal: lend,
  });
}

type Keeper = Awaited<ReturnType<typeof loadProgramKeeper>>;

/** Returns what opens the sessions of instances, by the opencode of this machine. */
export function urlAttachOf(engine: () => Promise<Engine>, signal: AbortSignal): UrlAttach {
  return {
    serverOf: async (host, route, stop) => {
      const { username, password, token } = await (await engine()).instanceLogin(host.alias, route, stop);
      if (token !== null)
        throw new UserError(`${host.label} is reached with a token, which opencode attach cannot use`);
      return { url: route.url, username, password };
    },
    openThisMachine: async () => (await engine()).connect(THIS_MACHINE, null, signal),
  };
}

/** Loads what keeps a program's screen. */
export async function loadProgramKeeper() {
  const [{ BackgroundProgram }, { TerminalColours }] = await Promise.all([
    import('../terminal/background-program.ts'),
    import('../terminal/terminal-colours.ts'),
  ]);
  const colours = new TerminalColours();
  return (pty: Pty, size: TerminalSize, wake: () => void, statusLine: boolean) =>
    new BackgroundProgram(pty, size, colours, wake, { statusLine });
}
