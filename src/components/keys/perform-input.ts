import { sayHint } from '../../actions/feedback.ts';
import { parseFilter } from '../../fleet/filter/parse-filter.ts';
import type { OcrState } from '../../store/state.ts';
import {
  commandRemembered,
  inputCancelled,
  inputKept,
  inputPicked,
  inputRecalled,
  inputReplaced,
} from '../../store/typed-line.ts';
import { moved } from '../../store/view-transitions.ts';
import type { Perform, PerformContext } from './perform-context.ts';

export function completeInput({ choices }: PerformContext, state: OcrState): Partial<OcrState> {
  const choice = choices.list[state.input?.picked ?? 0];
  return choice === undefined ? {} : inputReplaced(choices.from, choices.to, choice.insert)(state);
}

export function acceptInput(context: PerformContext, state: OcrState): Partial<OcrState> | undefined {
  const { input } = state;
  if (input === null) return undefined;
  if (input.picked !== null) return completeInput(context, state);
  if (input.kind === 'filter') {
    if (state.query.trim() === '') return inputCancelled(state);
    // A filter that hides everything by a mistake in it is not kept.
    const [problem] = parseFilter(input.editor.text).problems;
    if (problem === undefined) return inputKept(state);
    return void sayHint(context.store, problem.message);
  }
  const text = input.editor.text.trim();
  context.store.setState({ ...inputKept(state), ...(text === '' ? {} : commandRemembered(text)(state)) });
  if (text !== '') context.runCommand(text);
  return undefined;
}

/** In a filter the arrows move the cursor of the list; on the command line they pick completions, or earlier commands. */
export const inputMoved =
  (steps: 1 | -1): Perform =>
  ({ rows, choices }, state) => {
    if (state.input?.kind === 'filter') return moved(rows, steps)(state);
    const isPicking = steps > 0 ? choices.list.length > 0 : state.input?.picked !== null;
    return isPicking ? inputPicked(steps, choices.list.length)(state) : inputRecalled(steps > 0 ? -1 : 1)(state);
  };
