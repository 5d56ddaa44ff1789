import { HOST_COLUMNS } from '../components/list/host-cells.ts';
import { SESSION_COLUMNS } from '../components/list/session-cells.ts';
import type { Config } from '../config/schema.ts';
import { nearestWord } from '../domain/nearest.ts';

const KNOWN = {
  fleet: SESSION_COLUMNS.map(({ name }) => name),
  sessions: SESSION_COLUMNS.map(({ name }) => name),
  hosts: HOST_COLUMNS.map(({ name }) => name),
} as const;

/** Returns a warning for each unknown name in `display.columns`, with the nearest known one. */
export function columnWarnings({ display }: Config, path: string): string[] {
  return (['fleet', 'sessions', 'hosts'] as const).flatMap((view) =>
    (display.columns[view] ?? [])
      .filter((name) => !KNOWN[view].includes(name))
      .map((name) => {
        const nearest = nearestWord(name, KNOWN[view]);
        const advice = nearest === null ? `known are ${KNOWN[view].join(', ')}` : `did you mean ${nearest}?`;
        return `${path}: display.columns.${view}: there is no column "${name}"; ${advice}`;
      }),
  );
}
