import { VIEW_NAMES, type ViewName } from '../../store/view.ts';
import { findsView } from './finds-view.ts';
import { fleetView } from './fleet-view.ts';
import { hostsView } from './hosts-view.ts';
import { logView } from './log-view.ts';
import { pulseView } from './pulse-view.ts';
import { sessionsView } from './sessions-view.ts';
import { triageView } from './triage-view.ts';
import type { View } from './view.ts';

const VIEWS: Readonly<Record<ViewName, View>> = {
  fleet: fleetView,
  sessions: sessionsView,
  hosts: hostsView,
  triage: triageView,
  pulse: pulseView,
  log: logView,
  finds: findsView,
};

/** Returns a view by its name. */
export function viewOf(name: ViewName): View {
  return VIEWS[name];
}

/** All views, in the order of their tabs. */
export const ALL_VIEWS: readonly View[] = VIEW_NAMES.map(viewOf);
