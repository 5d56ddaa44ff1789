import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Column,
  cellsOf,
  commonWidth,
  EDGE,
  GAP,
  layOut,
  MAX_TITLE,
} from '../../../src/components/list/column.ts';
import { HOST_COLUMNS } from '../../../src/components/list/host-cells.ts';
import { SESSION_COLUMNS, SESSION_TABLE_COLUMNS } from '../../../src/components/list/session-cells.ts';
import { segment, widthOf } from '../../../src/components/paint/line.ts';
import { HOST_SORTS, SESSION_SORTS } from '../../../src/store/sort.ts';
import '../../support/property-rounds.ts';

const TABLES = { tree: SESSION_COLUMNS, sessions: SESSION_TABLE_COLUMNS, hosts: HOST_COLUMNS } as const;
const PREFIX = 8;

/** Names of the columns of a table on a pane of that width, whose titles need 30 columns. */
function namesAt(table: keyof typeof TABLES, pane: number, title = 30): string {
  const known: readonly Column<never, never>[] = TABLES[table];
  const wishes = { columns: pane - EDGE, prefix: PREFIX, title, chosen: null, all: false };
  return layOut(known, wishes)
    .columns.map(({ column }) => column.name)
    .join(' ');
}

describe('the columns of a list', () => {
  it.each([
    ['tree', 40, 'age'],
    ['tree', 60, 'state age'],
    ['tree', 80, 'state age cost'],
    ['tree', 100, 'state age cost agent'],
    ['tree', 120, 'state age detail cost agent'],
    ['tree', 160, 'state age detail cost agent changes model'],
    ['tree', 200, 'state age detail cost agent changes model messages tokens'],
    ['sessions', 40, 'age'],
    ['sessions', 60, 'host state age'],
    ['sessions', 80, 'host state age cost'],
    ['sessions', 120, 'host project state age detail cost'],
    ['sessions', 160, 'host project state age detail cost agent model'],
    ['sessions', 200, 'host project state age detail cost agent changes model messages tokens'],
    ['hosts', 60, 'state sessions need'],
    ['hosts', 200, 'state age rtt sessions need working today version servers load memory transport why'],
  ] as const)('of the %s on %i columns are %s', (table, columns, expected) => {
    expect(namesAt(table, columns)).toBe(expected);
  });

  it('vanish by their rank where the wide ones do not fit, the title never', () => {
    const known: readonly Column<never, never>[] = SESSION_COLUMNS;
    const seen: string[] = [];
    let before = known.map(({ name }) => name).filter((name) => name !== 'host' && name !== 'project');
    for (let columns = 220; columns > PREFIX; columns -= 1) {
      const chosen = before;
      const { columns: placed, title } = layOut(known, { columns, prefix: PREFIX, title: 16, chosen, all: false });
      const names = placed.map(({ column }) => column.name);
      seen.push(...before.filter((name) => !names.includes(name)));
      before = names;
      expect(title).toBeGreaterThanOrEqual(1);
    }
    expect(seen).toEqual(['tokens', 'messages', 'model', 'changes', 'detail', 'agent', 'cost', 'state', 'age']);
  });

  it('fit exactly, whatever the width, the titles and the contents are', () => {
    const wishes = fc.record({
      columns: fc.integer({ min: 1, max: 320 }),
      prefix: fc.integer({ min: 1, max: 12 }),
      title: fc.integer({ min: 1, max: 200 }),
      natural: fc.dictionary(fc.constantFrom('host', 'detail', 'why', 'model'), fc.nat({ max: 60 })),
      chosen: fc.option(fc.subarray([...new Set(Object.values(TABLES).flatMap((all) => all.map(({ name }) => name)))])),
      all: fc.boolean(),
      table: fc.constantFrom(...Object.values(TABLES)),
    });
    fc.assert(
      fc.property(wishes, ({ table, ...wish }) => {
        const known: readonly Column<never, never>[] = table;
        const { title, columns } = layOut(known, wish);
        const total = wish.prefix + title + columns.reduce((sum, { width }) => sum + GAP + width, 0);
        expect(total).toBeLessThanOrEqual(Math.max(wish.columns, wish.prefix + 1));
        for (const { column, width } of columns) {
          expect(width).toBeGreaterThanOrEqual(Math.min(column.width, column.head.length));
          expect(width).toBeLessThanOrEqual(Math.max(column.max ?? column.width, column.head.length + 1));
        }
      }),
    );
  });

  it('leave titles between 16 and 48 columns, and all the room where there is no column', () => {
    const titleOf = (columns: number, title: number, chosen: readonly string[] | null = null) => {
      const known: readonly Column<never, never>[] = SESSION_COLUMNS;
      return layOut(known, { columns, prefix: PREFIX, title, chosen, all: false }).title;
    };
    expect([titleOf(200, 5), titleOf(200, 30), titleOf(200, 90)]).toEqual([16, 30, MAX_TITLE]);
    expect([titleOf(50, 90, []), titleOf(12, 90)]).toEqual([42, 4]);
  });

  it('are no wider than their contents need, and grow up to their limit where there is room', () => {
    const known: readonly Column<never, never>[] = SESSION_TABLE_COLUMNS;
    const widths = (columns: number, natural: Record<string, number>) =>
      Object.fromEntries(
        layOut(known, {
          columns,
          prefix: PREFIX,
          title: 30,
          natural,
          chosen: ['host', 'detail'],
          all: false,
        }).columns.map(({ column, width }) => [column.name, width]),
      );
    expect(widths(200, { host: 7 })).toEqual({ host: 7, detail: 40 });
    expect(widths(200, { host: 30 })).toEqual({ host: 16, detail: 40 });
    expect(widths(70, {})).toEqual({ host: 12, detail: 16 });
  });

  it('are those that the user chose, in that order, or all that fit', () => {
    const known: readonly Column<never, never>[] = SESSION_COLUMNS;
    const names = (columns: number, chosen: readonly string[] | null, all: boolean) =>
      layOut(known, { columns, prefix: PREFIX, title: 20, chosen, all }).columns.map(({ column }) => column.name);
    expect(names(80, ['tokens', 'age', 'nonsense'], false)).toEqual(['tokens', 'age']);
    expect(names(300, null, true)).toEqual(SESSION_COLUMNS.map(({ name }) => name));
    expect(names(80, null, true)).toEqual(expect.arrayContaining(['host', 'state', 'age']));
  });

  it('have names, heads and ranks of their own, and are sorted by something that exists', () => {
    for (const [table, columns] of Object.entries(TABLES)) {
      const sorts: readonly string[] = table === 'hosts' ? HOST_SORTS : SESSION_SORTS;
      expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
      for (const { head, width, sort, name } of columns) {
        expect(head, name).toBe(head.toUpperCase());
        expect(head.length, name).toBeLessThanOrEqual(width);
        if (sort !== null) expect(sorts, name).toContain(sort);
      }
    }
  });
});

describe('a cell', () => {
  it('is exactly as wide as its column, at the left or at the right', () => {
    const column = { name: 'x', head: 'X', width: 6, from: 0, rank: 1, sort: null };
    const row = (text: string, right: boolean) => {
      const layout = { title: 1, columns: [{ column: { ...column, right, cell: () => [segment(text)] }, width: 6 }] };
      const cells = cellsOf(layout, null, null, '…');
      expect(widthOf(cells)).toBe(GAP + 6);
      return cells.map((cell) => cell.text).join('');
    };
    expect([row('abc', false), row('abc', true), row('abcdefgh', true), row('漢字漢字', false)]).toEqual([
      '  abc   ',
      '     abc',
      '  abcde…',
      '  漢字… ',
    ]);
  });

  it('of titles is wide enough for nine of ten', () => {
    expect(commonWidth([])).toBe(16);
    expect(commonWidth([...Array.from({ length: 19 }, () => 'x'.repeat(20)), 'x'.repeat(90)])).toBe(20);
    expect(commonWidth(Array.from({ length: 10 }, (_, at) => 'x'.repeat(at + 1)))).toBe(10);
  });
});
