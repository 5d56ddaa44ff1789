const AGENTS = [
  { name: 'build', description: 'Changes files and runs commands', mode: 'primary' },
  { name: 'plan', description: 'Reads, and changes nothing', mode: 'primary' },
  { name: 'explore', description: 'Searches the code', mode: 'subagent' },
];

const PROVIDERS = {
  providers: [
    {
      id: 'anthropic',
      models: { 'claude-opus-4.5': { name: 'Claude Opus 4.5' }, 'claude-sonnet-4.5': { name: 'Claude Sonnet 4.5' } },
    },
    { id: 'openai', models: { 'gpt-5.1-codex': { name: 'GPT-5.1 Codex' } } },
    { id: 'google', models: { 'gemini-3-pro': { name: 'Gemini 3 Pro' } } },
  ],
  default: { anthropic: 'claude-opus-4.5', openai: 'gpt-5.1-codex', google: 'gemini-3-pro' },
};

/** Answers `/agent`, `/config` and `/config/providers`. */
export function listCatalog(path: string): unknown {
  if (path === '/agent') return AGENTS;
  return path === '/config/providers' ? PROVIDERS : { model: 'anthropic/claude-opus-4.5' };
}
