/** A view to take a picture of. */
export interface Scene {
  /** Last part of the file's name. */
  readonly name: string;
  readonly title: string;
  /** Keys that lead to it, each sent once the screen has stopped changing, or shows a text. */
  readonly keys: readonly (string | { readonly key: string; readonly until: RegExp })[];
  /** Text that shows that it is there. */
  readonly shows: RegExp;
  /** Keys that lead back to the tree. */
  readonly back: readonly string[];
}

const [ENTER, ESC] = ['\r', '\u001b'];

/** In the order in which they are taken: the answer comes last, since it changes what the other views show. */
export const SCENES: readonly Scene[] = [
  { name: 'fleet', title: 'Fleet', keys: [], shows: /\[1 Fleet\]/, back: [] },
  { name: 'sessions', title: 'Sessions', keys: ['2'], shows: /\[2 Sessions\]/, back: ['1'] },
  { name: 'hosts', title: 'Hosts', keys: ['3'], shows: /\[3 Hosts\]/, back: ['1'] },
  { name: 'triage', title: 'Triage', keys: ['4'], shows: /\[4 Triage\]/, back: ['1'] },
  { name: 'pulse', title: 'Pulse', keys: ['5'], shows: /\[5 Pulse\]/, back: ['1'] },
  { name: 'panel', title: 'Fleet with the panel', keys: ['i'], shows: /details/, back: ['i'] },
  { name: 'help', title: 'Help', keys: ['?'], shows: /THIS ROW/, back: [ESC] },
  {
    name: 'filter',
    title: 'A filter that is typed',
    keys: ['/', 'state:waiting ho'],
    shows: /state:waiting ho/,
    back: [ESC],
  },
  { name: 'command', title: 'The command line', keys: [':', 'so'], shows: /sort/, back: [ESC] },
  { name: 'palette', title: 'The palette', keys: ['\u0010', 'arch'], shows: /Archive/, back: [ESC] },
  {
    name: 'finds',
    title: 'Search in transcripts',
    keys: [':', 'find caller', { key: ENTER, until: /\d+ found, 11/ }],
    shows: /Find ›/,
    back: [ESC],
  },
  { name: 'answer', title: 'A session asks', keys: [ENTER], shows: /╭/, back: [ESC] },
  { name: 'log', title: 'Log', keys: [{ key: 'y', until: /allowed once/ }, '6'], shows: /allowed once/, back: [] },
  {
    name: 'deletions',
    title: 'What can be undone',
    keys: ['2', 'G', { key: 'A', until: /: archived/ }, ':', 'undo_list', ENTER],
    shows: /Undo a delete/,
    back: [ESC],
  },
];
