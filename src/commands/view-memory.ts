import { writePrivateFile } from '../lib/atomic-file.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import * as shape from '../lib/shape.ts';
import type { Selection } from '../store/selection.ts';
import { HOST_SORTS, SESSION_SORTS, type Sort } from '../store/sort.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import { VIEW_NAMES, type ViewName } from '../store/view.ts';

const VERSION = 1;
/** Milliseconds in which changes are collected before they are written. */
const COLLECT_MS = 1000;
/** Hosts whose unfolded rows are remembered, and unfolded rows of each. */
const MAX_HOSTS = 500;
const MAX_ROWS = 200;

interface ViewFile {
  readonly view: ViewName;
  readonly selected: Selection | null;
  readonly unfolded: Readonly<Record<string, readonly string[]>>;
  readonly foldedGroups: readonly string[];
  readonly sorts: { readonly sessions: Sort; readonly hosts: Sort };
  readonly panelGrown: number;
  readonly commands: readonly string[];
}

const texts = shape.listOf(shape.text);
const sort = (columns: readonly string[]) => shape.objectOf({ by: shape.oneOf(columns), reversed: shape.flag });
const reference = shape.objectOf({ alias: shape.text, id: shape.text });
const wrongPart = shape.objectOf({
  version: shape.oneOf([VERSION]),
  view: shape.oneOf(VIEW_NAMES),
  selected: shape.orNull(
    shape.objectOf({ key: shape.text, alias: shape.orNull(shape.text), session: shape.orNull(reference) }),
  ),
  unfolded: shape.recordOf(texts),
  foldedGroups: texts,
  sorts: shape.objectOf({ sessions: sort(SESSION_SORTS), hosts: sort(HOST_SORTS) }),
  panelGrown: shape.number,
  commands: texts,
});

/** Loads where the user was when `ocr` ended; `null` the first time. A damaged file counts as none, and is logged. */
export async function loadView(path: string, logger: Logger): Promise<Partial<OcrState> | null> {
  try {
    const file = JSON.parse(await readRegularFile(path));
    const wrong = wrongPart(file);
    if (wrong !== null) throw new TypeError(`unexpected ${wrong || 'content'}`);
    const { view, selected, unfolded, foldedGroups, sorts, panelGrown, commands }: ViewFile = file;
    return {
      ...{ view, selected, panelGrown, commands, sorts },
      unfolded: new Map(Object.entries(unfolded).map(([alias, keys]) => [alias, new Set(keys)])),
      foldedGroups: new Set(foldedGroups),
    };
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') logger.warn('view not read', { path, reason: messageOf(error) });
    return null;
  }
}

/** Saves where the user is (0600) a moment after each change. Returns a function that stops that and saves the rest. */
export function keepView(store: OcrStore, path: string, logger: Logger): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const flush = () => {
    timer = undefined;
    const text = JSON.stringify(fileOf(store.getState()));
    writing = writing.then(() =>
      writePrivateFile(path, text).catch((error: unknown) =>
        logger.error('view not written', { path, reason: messageOf(error) }),
      ),
    );
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (!isSameView(state, before)) timer ??= setTimeout(flush, COLLECT_MS);
  });
  return async () => {
    unsubscribe();
    if (timer !== undefined) {
      clearTimeout(timer);
      flush();
    }
    await writing;
  };
}

function isSameView(a: OcrState, b: OcrState): boolean {
  const same = a.view === b.view && a.selected === b.selected && a.unfolded === b.unfolded;
  return (
    same &&
    a.foldedGroups === b.foldedGroups &&
    a.sorts === b.sorts &&
    a.panelGrown === b.panelGrown &&
    a.commands === b.commands
  );
}

function fileOf({
  view,
  selected,
  unfolded,
  foldedGroups,
  sorts,
  panelGrown,
  commands,
}: OcrState): ViewFile & { version: number } {
  const folds = [...unfolded].slice(-MAX_HOSTS).map(([alias, keys]) => [alias, [...keys].slice(-MAX_ROWS)]);
  return {
    version: VERSION,
    ...{ view, selected, sorts, panelGrown, commands },
    unfolded: Object.fromEntries(folds),
    foldedGroups: [...foldedGroups],
  };
}
