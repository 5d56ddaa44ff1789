/** A tool that the stub model calls, with the parameters that the real tool takes. */
export type StubCall = { readonly tool: string; readonly parameters: object };

const database = {
  question: 'Which database should the new service use?',
  header: 'Database',
  options: [
    { label: 'PostgreSQL', description: 'What the other services use' },
    { label: 'SQLite', description: 'One file, no server' },
  ],
};

const regions = {
  question: 'Which regions should it run in?',
  header: 'Regions',
  multiple: true,
  options: [
    { label: 'Frankfurt', description: 'Close to the customers' },
    { label: 'Dublin', description: 'Cheaper' },
    { label: 'Oslo', description: 'Wind and water' },
  ],
};

const approval = { command: 'touch approved', description: 'Creates a file named approved' };

/** The child session gets a prompt of its own, so that the stub raises a permission there. */
const subagent = {
  description: 'Create the marker file',
  prompt: 'ask permission to create the marker file',
  subagent_type: 'general',
};

const todos = [
  { content: 'Read the schema', status: 'completed', priority: 'high' },
  { content: 'Write the migration', status: 'in_progress', priority: 'high' },
  { content: 'Tell the team', status: 'pending', priority: 'low' },
];

/**
 * The user's message and the call that it leads to; the first match counts. A question allows a typed answer as well.
 */
const calls: readonly (readonly [RegExp, StubCall])[] = [
  [/\bask permission\b/, { tool: 'bash', parameters: approval }],
  [/\bask question\b|\bask which database\b/, { tool: 'question', parameters: { questions: [database] } }],
  [/\bask two questions\b/, { tool: 'question', parameters: { questions: [database, regions] } }],
  [/\bask edit\b/, { tool: 'write', parameters: { filePath: 'greeting.txt', content: 'hello\nworld\n' } }],
  [/\bask outside\b/, { tool: 'read', parameters: { filePath: '/etc/hostname' } }],
  [/\bask web\b/, { tool: 'webfetch', parameters: { url: 'http://127.0.0.1:9/page', format: 'text' } }],
  [/\bask subagent\b/, { tool: 'task', parameters: subagent }],
  // A tool of `ocr mcp`, as opencode names it for a server that is called ocr.
  [/\bask ocr\b/, { tool: 'ocr_instances', parameters: {} }],
  [/\bwrite todos\b/, { tool: 'todowrite', parameters: { todos } }],
];

/** The call that a prompt asks for; undefined where it asks for none. */
export function findStubCall(prompt: string): StubCall | undefined {
  return calls.find(([words]) => words.test(prompt))?.[1];
}
