import type { TurnMessage } from '../../opencode/server/turn-messages.ts';
import type { AgentAndModel } from '../sessions/agent-and-model.ts';

/** Returns the agent and model of the last prompt with text; `null` if there was none. */
export function lastVoice(messages: readonly TurnMessage[]): AgentAndModel | null {
  const prompt = messages.findLast(({ role, text }) => role === 'user' && text.trim() !== '');
  return prompt === undefined ? null : { agent: prompt.agent, model: prompt.model };
}

/** Returns the system prompts that were recorded alone since the last answer, oldest first: the next turn carries them. */
export function queuedSystem(messages: readonly TurnMessage[]): readonly string[] {
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages
    .slice(lastAnswer + 1)
    .flatMap(({ role, system, text }) => (role === 'user' && system !== null && text === '' ? [system] : []));
}
