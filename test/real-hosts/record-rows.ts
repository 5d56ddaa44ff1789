/** A way to say where host keys are on record, and what the files hold. */
export interface RecordRow {
  readonly name: string;
  /** Lines for an alias; `folder` is a folder of its own. */
  readonly lines: (folder: string) => readonly string[];
  /** Files that are there beforehand; `KNOWN` stands for the host's own line, `OTHER` for one with another key. */
  readonly files?: Readonly<Record<string, 'KNOWN' | 'OTHER'>>;
}

const both = (folder: string) => `UserKnownHostsFile ${folder}/first ${folder}/second`;
export const recordRows: readonly RecordRow[] = [
  ...['no', 'accept-new', 'ask', 'yes'].flatMap((policy) => [
    { name: `none, ${policy}`, lines: () => ['UserKnownHostsFile none', `StrictHostKeyChecking ${policy}`] },
    { name: `/dev/null, ${policy}`, lines: () => ['UserKnownHostsFile /dev/null', `StrictHostKeyChecking ${policy}`] },
    {
      name: `two missing files, ${policy}`,
      lines: (folder: string) => [both(folder), `StrictHostKeyChecking ${policy}`],
    },
  ]),
  {
    name: 'the second file has the key',
    lines: (folder) => [both(folder), 'StrictHostKeyChecking yes'],
    files: { second: 'KNOWN' },
  },
  {
    name: 'the second file has another key',
    lines: (folder) => [both(folder), 'StrictHostKeyChecking accept-new'],
    files: { second: 'OTHER' },
  },
  { name: 'another key, no', lines: (folder) => [both(folder), 'StrictHostKeyChecking no'], files: { first: 'OTHER' } },
  {
    name: 'the file after /dev/null has the key',
    lines: (folder) => [`UserKnownHostsFile /dev/null ${folder}/second`, 'StrictHostKeyChecking yes'],
    files: { second: 'KNOWN' },
  },
  {
    name: 'none, and the key in the global file',
    lines: (folder) => [
      'UserKnownHostsFile none',
      `GlobalKnownHostsFile ${folder}/global`,
      'StrictHostKeyChecking yes',
    ],
    files: { global: 'KNOWN' },
  },
  {
    name: 'no global file',
    lines: (folder) => [`UserKnownHostsFile ${folder}/first`, 'GlobalKnownHostsFile none', 'StrictHostKeyChecking yes'],
    files: { first: 'KNOWN' },
  },
  {
    name: 'a path with blanks',
    lines: (folder) => [`UserKnownHostsFile "${folder}/of mine"`, 'StrictHostKeyChecking accept-new'],
  },
];
