import type { Command } from 'commander';
import { VERBS } from '../verbs/specs.ts';

/**
 * Rewrites `ocr INSTANCE VERB …` to `ocr VERB … --on INSTANCE`, the order of the original `oc`. Only if no verb has the instance's name.
 *
 * @param args the arguments after the program's name
 */
export function withInstanceFirst(program: Command, args: readonly string[]): string[] {
  const [at, next] = firstWords(program, args);
  const [instance, verb] = [args[at], args[next]];
  const isVerb = (name: string) =>
    program.commands.some((command) => command.name() === name) || VERBS.some((one) => one.name.split(' ')[0] === name);
  const spec = VERBS.find(({ name }) => name === verb);
  if (instance === undefined || isVerb(instance) || spec === undefined || !('on' in spec.params)) return [...args];
  const without = args.filter((_, index) => index !== at);
  const end = without.indexOf('--');
  const options = ['--on', instance];
  return end === -1 ? [...without, ...options] : [...without.slice(0, end), ...options, ...without.slice(end)];
}

/** Returns the places of the first two words that are no options of the program, nor their values. */
function firstWords(program: Command, args: readonly string[]): readonly [number, number] {
  const places: number[] = [];
  for (let at = 0; at < args.length && places.length < 2; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-')) places.push(at);
    else if (places.length > 0) break;
    else if (program.options.some((option) => option.required && [option.long, option.short].includes(word))) at += 1;
  }
  return [places[0] ?? -1, places[1] ?? -1];
}
