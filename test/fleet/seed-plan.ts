import type { HostAlias } from './hosts.ts';

/** One session to make by real turns. Directories are relative to the home. */
export type SessionSeed = {
  readonly directory: string;
  readonly title: string;
  /** The user's messages, one per turn; none leaves a session without messages. */
  readonly prompts?: readonly string[];
  /** Minutes since its last change, when a fleet starts. */
  readonly age: number;
  readonly archived?: true;
  /** Title of the session whose subagent this is. */
  readonly parent?: string;
};

/** Folders of every seeded home: two git projects and a plain one. */
export const api = 'work/api';
export const web = 'work/web';
export const notes = 'work/notes';

/** A git project on alpha whose name a careless shell would run. */
export const hostileDirectory = `work/a b; $(touch x) 'q"`;

/** Titles that a terminal must never get raw: escape sequences, line breaks, direction marks, wide and combining characters. */
export const hostileTitles = [
  'clear \u001b[2J\u001b[H\u001b]0;pwn\u0007 the screen',
  'two\nlines\r\nand\ta tab',
  'right \u202eot tfel\u202c mark',
  'family 👨‍👩‍👧‍👦 flag 🇪🇺 漢字テスト 한국어',
  'combining e\u0301 a\u0308\u0323 Z\u0351\u036b\u0343\u036a\u0302\u036b',
  '\u009b31mC1 control\u009c',
];

const day = 24 * 60;

const alpha: readonly SessionSeed[] = [
  { directory: api, title: 'Fix login timeout', prompts: ['why does login time out?', 'and on mobile?'], age: 3 },
  { directory: api, title: 'Refactor the invoice parser', prompts: ['split the parser into phases'], age: 47 },
  { directory: api, title: 'Upgrade to PostgreSQL 17', prompts: ['this prompt ends in an error'], age: 95 },
  {
    directory: api,
    title: 'Explore the schema',
    prompts: ['list the tables'],
    age: 94,
    parent: 'Upgrade to PostgreSQL 17',
  },
  { directory: api, title: 'Old spike on gRPC', prompts: ['try gRPC'], age: 9 * day, archived: true },
  { directory: web, title: 'Dark mode for the settings page', prompts: ['add a dark mode'], age: 12 },
  { directory: web, title: 'Flaky checkout test', prompts: ['why is the checkout test flaky?'], age: 3 * day },
  { directory: notes, title: 'Summarize the incident review', prompts: ['summarize it'], age: 300 },
  { directory: hostileDirectory, title: 'A session in a hostile directory', prompts: ['where am I?'], age: 30 },
  ...hostileTitles.map((title, index) => ({ directory: web, title, age: 120 + 10 * index })),
];

/** Host `big`: one project with 500 sessions, a new one every 7 minutes backwards. */
const areas = ['billing', 'search', 'login', 'upload', 'report', 'cache', 'export', 'webhook', 'invoice', 'queue'];
const tasks = ['Fix', 'Refactor', 'Speed up', 'Test', 'Document', 'Remove', 'Rewrite', 'Review', 'Trace', 'Port'];
const big: readonly SessionSeed[] = Array.from({ length: 500 }, (_, index) => {
  const title = `${tasks[index % 10]} ${areas[Math.floor(index / 10) % 10]} #${index + 1}`;
  return { directory: api, title, age: 5 + 7 * index };
});

/** The contents of each home before a fleet starts; hosts that are missing here have an empty home. */
export const seedPlan: Partial<Record<HostAlias, readonly SessionSeed[]>> = {
  alpha,
  beta: [
    { directory: api, title: 'Add rate limiting', prompts: ['limit requests per user'], age: 8 },
    { directory: api, title: 'Trace the slow report query', prompts: ['explain the plan'], age: 2 * day },
    { directory: api, title: 'Abandoned migration', prompts: ['migrate'], age: 20 * day, archived: true },
    { directory: web, title: 'Translate the onboarding', prompts: ['translate it to German'], age: 61 },
    { directory: web, title: 'Broken image upload', prompts: ['an error in the upload'], age: 20 },
    { directory: notes, title: 'Plan the quarter', prompts: ['what comes next?'], age: 400 },
  ],
  gamma: [
    { directory: api, title: 'Rotate the signing keys', prompts: ['rotate them'], age: 15 },
    { directory: web, title: 'Shrink the bundle', prompts: ['what is big?'], age: 200 },
    { directory: notes, title: 'Draft the release notes', prompts: ['draft them'], age: 30 * 60 },
  ],
  delta: [
    { directory: api, title: 'Pin the base image', prompts: ['pin it'], age: 25 },
    { directory: web, title: 'Keyboard navigation in menus', prompts: ['arrow keys'], age: 90 },
    { directory: notes, title: 'Compare queue libraries', prompts: ['compare them'], age: 26 * 60 },
  ],
  homebin: [
    { directory: api, title: 'Cache the exchange rates', prompts: ['cache them for an hour'], age: 40 },
    { directory: web, title: 'Contrast of the buttons', prompts: ['measure the contrast'], age: 29 * 60 },
  ],
  slow: [
    { directory: api, title: 'Retry webhooks with back-off', prompts: ['retry five times'], age: 18 },
    { directory: web, title: 'Virtualize the long table', prompts: ['only paint what is seen'], age: 27 * 60 },
  ],
  big,
};
