import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScreenComposer } from '../../../src/components/compose-screen.ts';
import { KeyTable } from '../../../src/components/keys/key-table.ts';
import { screenInput } from '../../../src/components/screen-input.ts';
import { createRowSelector } from '../../../src/store/select-rows.ts';
import { selectedSession } from '../../../src/store/selection.ts';
import { initialState } from '../../../src/store/state.ts';
import type { ViewName } from '../../../src/store/view.ts';
import { viewShown } from '../../../src/store/view-travels.ts';
import { aFleet } from '../../support/a-fleet.ts';
import { NOW, SETTINGS } from '../../support/builders.ts';
import { plainPainter } from '../../support/render-at.tsx';
import { FOUND_NOTHING } from '../open-dashboard.tsx';

const keys = new KeyTable({ chosen: {}, lines: {}, filters: [], commands: [] }, '');

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

/** The lines of a view of the made-up fleet, blank ones counted, the clock left out. */
function shown(view: ViewName, columns: number, rows: number): string {
  const base = { ...initialState(SETTINGS, false), ...aFleet(), selected: selectedSession('prod-api', '1') };
  const painter = plainPainter();
  const composer = new ScreenComposer({
    ...{ painter, keys, themes: () => [], foundAtStart: () => FOUND_NOTHING, isRead: false },
  });
  const size = { columns, rows };
  const input = screenInput({ ...base, ...viewShown(view)(base) }, createRowSelector(), size, NOW);
  const { lines } = composer.compose(input, { frame: 2, messagesAt: NOW });
  const text = lines.map((line) => line.trimEnd().replace(/\d\d:\d\d( {2}↻)/, 'HH:MM$1')).join('\n');
  return text.replace(/\n{3,}/g, (blank) => `\n(${blank.length - 1} blank lines)\n`);
}

describe('the view fleet', () => {
  it('at 40 by 10', () => {
    expect(shown('fleet', 40, 10)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m      4/14
        ▾ ● prod-api  6  ▲2 ⠹1               ┃
          ▾ ~/work/payments  5  ▲1 ⠹1        ┃
            ⠹ Move ledger writes …  ▸1    9m ┃
      ▌     ▲ Fix webhook retries        14m ┃
            ● Add idempotency keys…  ⇄    7m ┃
            ○ Drop legacy invoice tab…    5h │
            · Investigate double char…    3d │
          ▸ ~/work/ledger  1  ▲1             │
       enter answer  y allow  ? help  q quit"
    `);
  });

  it('at 80 by 24', () => {
    expect(shown('fleet', 80, 24)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions    ↻18s
       [1 Fleet]  2 Sessions   3 Hosts   4 Triage   5 Pulse   6 Log              4/14
            HOST / PROJECT / SESSION            STATE         AGE    COST
        ▾ ● prod-api  6  ▲2 ⠹1                  live
          ▾ ~/work/payments  5  ▲1 ⠹1
            ⠹ Move ledger writes to pgx v5  ▸1  working        9m   $3.10
      ▌     ▲ Fix webhook retries               permission    14m   $1.42
            ● Add idempotency keys to /ref…  ⇄  active         7m   $0.64
            ○ Drop legacy invoice tables        idle           5h   $2.07
            · Investigate double charge of or…  cold           3d   $0.31
          ▸ ~/work/ledger  1  ▲1
        ▸ ● prod-web  3  ✗1 ✓1 ↻1               live
        ▸ ◎ prod-db  1                          polled        20s
        ▸ ◌ build-arm  1                        stale          6m
        ▾ not reachable  2 hosts  ─────────────────────────────────────────────────
          ○ gpu-02                              offline            connection refus…
          ▲ bastion                             needs auth         accepts publickey
      (5 blank lines)
       wants to run  npm run migrate -- --env staging          build  claude-opus-4.5
       enter answer  y allow  Y always  N reject  z snooze  p prompt  ? help  q quit"
    `);
  });

  it('at 120 by 40', () => {
    expect(shown('fleet', 120, 40)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                     HH:MM  ↻18s
       [1 Fleet]  2 Sessions   3 Hosts   4 Triage   5 Pulse   6 Log                                                      4/14
            HOST / PROJECT / SESSION            STATE         AGE  DETAIL                                     COST  AGENT
        ▾ ● prod-api  6  ▲2 ⠹1                  live               opencode 1.18.33  31ms
          ▾ ~/work/payments  5  ▲1 ⠹1
            ⠹ Move ledger writes to pgx v5  ▸1  working        9m  todo 2/5                                  $3.10  build
      ▌     ▲ Fix webhook retries               permission    14m  npm run migrate -- --env staging          $1.42  build
            ● Add idempotency keys to /ref…  ⇄  active         7m                                            $0.64  build
            ○ Drop legacy invoice tables        idle           5h                                            $2.07  build
            · Investigate double charge of or…  cold           3d                                            $0.31  plan
          ▸ ~/work/ledger  1  ▲1
        ▸ ● prod-web  3  ✗1 ✓1 ↻1               live               opencode 1.18.33  31ms
        ▸ ◎ prod-db  1                          polled        20s  opencode 1.18.33  31ms
        ▸ ◌ build-arm  1                        stale          6m  opencode 1.18.33
        ▾ not reachable  2 hosts  ─────────────────────────────────────────────────────────────────────────────────────────
          ○ gpu-02                              offline            connection refused
          ▲ bastion                             needs auth         accepts publickey
      (21 blank lines)
       wants to run  npm run migrate -- --env staging                                                  build  claude-opus-4.5
       enter answer  y allow once  Y always allow  N reject  z snooze  p prompt  d delete  tab panel  ? help  q quit"
    `);
  });

  it('at 200 by 60', () => {
    expect(shown('fleet', 200, 60)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                                                                                                     HH:MM  ↻18s
       [1 Fleet]  2 Sessions   3 Hosts   4 Triage   5 Pulse   6 Log                                                                                                                                      4/14
            HOST / PROJECT / SESSION            STATE         AGE  DETAIL                                      COST  AGENT     CHANGES      MODEL                MSGS  TOKENS
        ▾ ● prod-api  6  ▲2 ⠹1                  live               opencode 1.18.33  31ms
          ▾ ~/work/payments  5  ▲1 ⠹1
            ⠹ Move ledger writes to pgx v5  ▸1  working        9m  todo 2/5                                   $3.10  build     +12 -3       claude-opus-4.5        12     42k
      ▌     ▲ Fix webhook retries               permission    14m  npm run migrate -- --env staging           $1.42  build     +12 -3       claude-opus-4.5        12     42k
            ● Add idempotency keys to /ref…  ⇄  active         7m                                             $0.64  build     +12 -3       claude-opus-4.5        12     42k
            ○ Drop legacy invoice tables        idle           5h                                             $2.07  build     +12 -3       claude-opus-4.5        12     42k
            · Investigate double charge of or…  cold           3d                                             $0.31  plan      +12 -3       claude-opus-4.5        12     42k
          ▸ ~/work/ledger  1  ▲1
        ▸ ● prod-web  3  ✗1 ✓1 ↻1               live               opencode 1.18.33  31ms
        ▸ ◎ prod-db  1                          polled        20s  opencode 1.18.33  31ms
        ▸ ◌ build-arm  1                        stale          6m  opencode 1.18.33
        ▾ not reachable  2 hosts  ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
          ○ gpu-02                              offline            connection refused
          ▲ bastion                             needs auth         accepts publickey
      (41 blank lines)
       wants to run  npm run migrate -- --env staging                                                                                                                                  build  claude-opus-4.5
       enter answer  y allow once  Y always allow  N reject  z snooze  p prompt  d delete  tab panel  4 triage  / filter  : command  ? help  q quit"
    `);
  });
});

describe('the view sessions', () => {
  it('at 40 by 10', () => {
    expect(shown('sessions', 40, 10)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m      2/11
         ▲ Which retention do we want    31m ┃
      ▌  ▲ Fix webhook retries           14m ┃
         ✗ Flaky checkout test           31m ┃
         ✓ Port settings page to Reac…    4m ┃
         ↻ Bulk refund page               9m ┃
         ⠹ Move ledger writes to …  ▸1    9m ┃
         ● Add idempotency keys to…  ⇄    7m │
         ○ Explain the vacuum settings    2h │
       enter answer  ? help  esc back"
    `);
  });

  it('at 80 by 24', () => {
    expect(shown('sessions', 80, 24)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions    ↻18s
        1 Fleet  [2 Sessions]  3 Hosts   4 Triage   5 Pulse   6 Log              2/11
           TITLE                             HOST       STATE↑        AGE    COST
         ▲ Which retention do we want        prod-api   question      31m   $1.42
      ▌  ▲ Fix webhook retries               prod-api   permission    14m   $1.42
         ✗ Flaky checkout test               prod-web   error         31m   $1.42
         ✓ Port settings page to React 19    prod-web   done           4m   $1.42
         ↻ Bulk refund page                  prod-web   retrying       9m   $1.42
         ⠹ Move ledger writes to pgx v5  ▸1  prod-api   working        9m   $3.10
         ● Add idempotency keys to /ref…  ⇄  prod-api   active         7m   $0.64
         ○ Explain the vacuum settings       prod-db    idle           2h   $1.42
         ○ Drop legacy invoice tables        prod-api   idle           5h   $2.07
         ○ Cross-compile the agent           build-arm  idle           6h   $1.42
         · Investigate double charge of or…  prod-api   cold           3d   $0.31
      (8 blank lines)
       wants to run  npm run migrate -- --env staging          build  claude-opus-4.5
       enter answer  y allow  Y always  N reject  z snooze  ? help  esc back"
    `);
  });

  it('at 120 by 40', () => {
    expect(shown('sessions', 120, 40)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                     HH:MM  ↻18s
        1 Fleet  [2 Sessions]  3 Hosts   4 Triage   5 Pulse   6 Log                                                      2/11
           TITLE                             HOST       PROJECT                  STATE↑        AGE  DETAIL              COST
         ▲ Which retention do we want        prod-api   ~/work/ledger            question      31m  Which database?    $1.42
      ▌  ▲ Fix webhook retries               prod-api   ~/work/payments          permission    14m  npm run migrate…   $1.42
         ✗ Flaky checkout test               prod-web   ~/src/shop               error         31m  429 rate limit     $1.42
         ✓ Port settings page to React 19    prod-web   ~/src/shop               done           4m  12 files +340 -3   $1.42
         ↻ Bulk refund page                  prod-web   ~/…/internal/admin-too…  retrying       9m  overloaded, in …   $1.42
         ⠹ Move ledger writes to pgx v5  ▸1  prod-api   ~/work/payments          working        9m  todo 2/5           $3.10
         ● Add idempotency keys to /ref…  ⇄  prod-api   ~/work/payments          active         7m                     $0.64
         ○ Explain the vacuum settings       prod-db    ~/work/payments          idle           2h                     $1.42
         ○ Drop legacy invoice tables        prod-api   ~/work/payments          idle           5h                     $2.07
         ○ Cross-compile the agent           build-arm  ~/work/payments          idle           6h                     $1.42
         · Investigate double charge of or…  prod-api   ~/work/payments          cold           3d                     $0.31
      (24 blank lines)
       wants to run  npm run migrate -- --env staging                                                  build  claude-opus-4.5
       enter answer  y allow once  Y always allow  N reject  z snooze  p prompt  d delete  l in tree  ? help  esc back"
    `);
  });

  it('at 200 by 60', () => {
    expect(shown('sessions', 200, 60)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                                                                                                     HH:MM  ↻18s
        1 Fleet  [2 Sessions]  3 Hosts   4 Triage   5 Pulse   6 Log                                                                                                                                      2/11
           TITLE                             HOST       PROJECT                   STATE↑        AGE  DETAIL                                      COST  AGENT     CHANGES      MODEL             MSGS  TOKENS
         ▲ Which retention do we want        prod-api   ~/work/ledger             question      31m  Which database?                            $1.42  build     +12 -3       claude-opus-4.5     12     42k
      ▌  ▲ Fix webhook retries               prod-api   ~/work/payments           permission    14m  npm run migrate -- --env staging           $1.42  build     +12 -3       claude-opus-4.5     12     42k
         ✗ Flaky checkout test               prod-web   ~/src/shop                error         31m  429 rate limit                             $1.42  build     +12 -3       claude-opus-4.5     12     42k
         ✓ Port settings page to React 19    prod-web   ~/src/shop                done           4m  12 files +340 -3                           $1.42  build     +340 -3      claude-opus-4.5     12     42k
         ↻ Bulk refund page                  prod-web   ~/…/internal/admin-tools  retrying       9m  overloaded, in 18s                         $1.42  build     +12 -3       claude-opus-4.5     12     42k
         ⠹ Move ledger writes to pgx v5  ▸1  prod-api   ~/work/payments           working        9m  todo 2/5                                   $3.10  build     +12 -3       claude-opus-4.5     12     42k
         ● Add idempotency keys to /ref…  ⇄  prod-api   ~/work/payments           active         7m                                             $0.64  build     +12 -3       claude-opus-4.5     12     42k
         ○ Explain the vacuum settings       prod-db    ~/work/payments           idle           2h                                             $1.42  build     +12 -3       claude-opus-4.5     12     42k
         ○ Drop legacy invoice tables        prod-api   ~/work/payments           idle           5h                                             $2.07  build     +12 -3       claude-opus-4.5     12     42k
         ○ Cross-compile the agent           build-arm  ~/work/payments           idle           6h                                             $1.42  build     +12 -3       claude-opus-4.5     12     42k
         · Investigate double charge of or…  prod-api   ~/work/payments           cold           3d                                             $0.31  plan      +12 -3       claude-opus-4.5     12     42k
      (44 blank lines)
       wants to run  npm run migrate -- --env staging                                                                                                                                  build  claude-opus-4.5
       enter answer  y allow once  Y always allow  N reject  z snooze  p prompt  d delete  l in tree  tab panel  4 triage  / filter  : command  ? help  esc back"
    `);
  });
});

describe('the view hosts', () => {
  it('at 40 by 10', () => {
    expect(shown('hosts', 40, 10)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m       1/6
      ▌  ● prod-api   live         ▲2
         ● prod-web   live         ✗1 ✓1
         ◎ prod-db    polled
         ◌ build-arm  stale
         ○ gpu-02     offline
         ▲ bastion    needs auth
      (2 blank lines)
       enter sessions  ? help  esc back"
    `);
  });

  it('at 80 by 24', () => {
    expect(shown('hosts', 80, 24)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions    ↻18s
        1 Fleet   2 Sessions  [3 Hosts]  4 Triage   5 Pulse   6 Log               1/6
           HOST↑      STATE         AGE     RTT   SESS  NEED      WORK   TODAY
      ▌  ● prod-api   live                 31ms      6  ▲2           1
         ● prod-web   live                 31ms      3  ✗1 ✓1        1
         ◎ prod-db    polled        20s    31ms      1
         ◌ build-arm  stale          6m              1
         ○ gpu-02     offline
         ▲ bastion    needs auth
      (13 blank lines)
       ada@web1.example.org:22   /usr/bin/opencode   read by sqlite3
       enter sessions  n new  gc clone  P clean  ctrl+r restart  ? help  esc back"
    `);
  });

  it('at 120 by 40', () => {
    expect(shown('hosts', 120, 40)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                     HH:MM  ↻18s
        1 Fleet   2 Sessions  [3 Hosts]  4 Triage   5 Pulse   6 Log                                                       1/6
           HOST↑      STATE         AGE     RTT   SESS  NEED      WORK   TODAY  OPENCODE   LOAD  MEM         WHY
      ▌  ● prod-api   live                 31ms      6  ▲2           1          1.18.33
         ● prod-web   live                 31ms      3  ✗1 ✓1        1          1.18.33
         ◎ prod-db    polled        20s    31ms      1                          1.18.33
         ◌ build-arm  stale          6m              1                          1.18.33
         ○ gpu-02     offline                                                                                connection ref…
         ▲ bastion    needs auth                                                                             accepts public…
      (29 blank lines)
       ada@web1.example.org:22   /usr/bin/opencode   read by sqlite3
       enter sessions  n new session  gc clone repo  P clean up  ctrl+r restart server  tab panel  4 triage  ? help  esc back"
    `);
  });

  it('at 200 by 60', () => {
    expect(shown('hosts', 200, 60)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                                                                                                     HH:MM  ↻18s
        1 Fleet   2 Sessions  [3 Hosts]  4 Triage   5 Pulse   6 Log                                                                                                                                       1/6
           HOST↑      STATE         AGE     RTT   SESS  NEED      WORK   TODAY  OPENCODE  SRV   LOAD  MEM         TRANSPORT  WHY
      ▌  ● prod-api   live                 31ms      6  ▲2           1          1.18.33     1
         ● prod-web   live                 31ms      3  ✗1 ✓1        1          1.18.33     1
         ◎ prod-db    polled        20s    31ms      1                          1.18.33     1
         ◌ build-arm  stale          6m              1                          1.18.33     1
         ○ gpu-02     offline                                                                                                connection refused
         ▲ bastion    needs auth                                                                                             accepts publickey
      (49 blank lines)
       ada@web1.example.org:22   /usr/bin/opencode   read by sqlite3
       enter sessions  n new session  gc clone repo  P clean up  ctrl+r restart server  tab panel  4 triage  / filter  : command  ? help  esc back"
    `);
  });
});

describe('the view triage', () => {
  it('at 40 by 10', () => {
    expect(shown('triage', 40, 10)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m       1/4
      ▌  ▲ question    31m   Which retentio… ┃
         ▲ permission  14m   Fix webhook re… ┃
         ✗ error       31m   Flaky checkout… │
      ── Which retention do we want… 1-4 of 9
       ASKS  31m ago
       Which database?
         ( ) Redis
               in memory
       enter answer  ? help  esc back"
    `);
  });

  it('at 80 by 24', () => {
    expect(shown('triage', 80, 24)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions    ↻18s
        1 Fleet   2 Sessions   3 Hosts  [4 Triage]  5 Pulse   6 Log               1/4
           WHY        WAIT   HOST      SESSION                 ASKS
      ▌  ▲ question    31m   prod-api  Which retention do we…  Which database?
         ▲ permission  14m   prod-api  Fix webhook retries     npm run migrate -- -…
         ✗ error       31m   prod-web  Flaky checkout test     429 rate limit
         ✓ done         4m   prod-web  Port settings page to…  12 files +340 -3
      ── Which retention do we want ── prod-api  ~/work/ledger  build  claude-opus-4.…
       ASKS  31m ago
       Which database?
         ( ) Redis
               in memory
         ( ) Postgres
               on disk
         or a custom answer

       Reading the last reply
      (5 blank lines)
       asks  Which database?                                   build  claude-opus-4.5
       enter answer  y answer  N decline  z snooze  p prompt  ? help  esc back"
    `);
  });

  it('at 120 by 40', () => {
    expect(shown('triage', 120, 40)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                     HH:MM  ↻18s
        1 Fleet   2 Sessions   3 Hosts  [4 Triage]  5 Pulse   6 Log                                                       1/4
           WHY        WAIT   HOST      SESSION                           ASKS
      ▌  ▲ question    31m   prod-api  Which retention do we want        Which database?
         ▲ permission  14m   prod-api  Fix webhook retries               npm run migrate -- --env staging
         ✗ error       31m   prod-web  Flaky checkout test               429 rate limit
         ✓ done         4m   prod-web  Port settings page to React 19    12 files +340 -3
      ── Which retention do we want ── prod-api  ~/work/ledger  build  claude-opus-4.5 ──────────────────────────────────────
       ASKS  31m ago
       Which database?
         ( ) Redis
               in memory
         ( ) Postgres
               on disk
         or a custom answer

       Reading the last reply
      (21 blank lines)
       asks  Which database?                                                                           build  claude-opus-4.5
       enter answer  y answer  N decline  z snooze  p prompt  d delete  l in tree  / filter  : command  ? help  esc back"
    `);
  });

  it('at 200 by 60', () => {
    expect(shown('triage', 200, 60)).toMatchInlineSnapshot(`
      " ocr  4 need you ▲2 ✗1 ✓1 31m   ⠹1 ↻1 working   3/6 hosts   11 sessions                                                                                                                     HH:MM  ↻18s
        1 Fleet   2 Sessions   3 Hosts  [4 Triage]  5 Pulse   6 Log                                                                                                                                       1/4
           WHY        WAIT   HOST      SESSION                           ASKS
      ▌  ▲ question    31m   prod-api  Which retention do we want        Which database?
         ▲ permission  14m   prod-api  Fix webhook retries               npm run migrate -- --env staging
         ✗ error       31m   prod-web  Flaky checkout test               429 rate limit
         ✓ done         4m   prod-web  Port settings page to React 19    12 files +340 -3
      ── Which retention do we want ── prod-api  ~/work/ledger  build  claude-opus-4.5 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
       ASKS  31m ago                                                                                     │ Reading the last reply
       Which database?                                                                                   │
         ( ) Redis                                                                                       │
               in memory                                                                                 │
         ( ) Postgres                                                                                    │
               on disk                                                                                   │
         or a custom answer                                                                              │
      (43 blank lines)
       asks  Which database?                                                                                                                                                           build  claude-opus-4.5
       enter answer  y answer  N decline  z snooze  p prompt  d delete  l in tree  / filter  : command  ? help  esc back"
    `);
  });
});
