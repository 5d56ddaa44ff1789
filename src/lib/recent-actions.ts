/** Actions that are remembered. */
const MAX_ACTIONS = 50;
/** Names are ours; a text of a user or a host never looks like one. */
const NAME = /^[\w.:-]{1,40}$/;

export interface RecentAction {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly name: string;
}

/** The last actions and views, for crash reports. Holds names only, never a text that was typed or read. */
export class RecentActions {
  #actions: readonly RecentAction[] = [];

  get list(): readonly RecentAction[] {
    return this.#actions;
  }

  /** @param name of an action or a view, such as `kill_session` or `view:triage`; anything else is kept as `?` */
  add(name: string, at = Date.now()): void {
    const action = { at, name: NAME.test(name) ? name : '?' };
    this.#actions = [...this.#actions, action].slice(-MAX_ACTIONS);
  }
}

/** The actions of this process. */
export const recentActions = new RecentActions();
