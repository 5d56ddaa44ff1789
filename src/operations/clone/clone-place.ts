import { UserError } from '../../lib/errors.ts';
import { folderFault } from '../../opencode/list-folders.ts';
import { repositoryName } from './git-url.ts';

const CONTROLS = /\p{Cc}/u;

/** Where a repository is offered to be cloned: beside the selected project, else in the home. Ends with a slash. */
export function parentOf(project: string | null): string {
  if (project === null || project === '/' || !project.startsWith('/')) return '~/';
  return project.slice(0, project.replace(/\/+$/, '').lastIndexOf('/') + 1);
}

/** What is wrong with a directory as it was typed; `null` when nothing is. */
export function directoryFault(typed: string): string | null {
  if (CONTROLS.test(typed)) return 'the name of a directory has no line breaks and no control characters';
  if (typed === '') return null;
  const fault = folderFault(typed);
  if (fault !== null) return fault;
  const name = typed.slice(typed.lastIndexOf('/') + 1);
  return name === '.' || name === '..' ? 'the path must end with a name, or with a slash' : null;
}

/** The directory to clone into: what was typed, with the repository's name where that ends with a slash. Throws a UserError where neither tells a name. */
export function cloneDirectory(typed: string, url: string): string {
  const place = typed === '' || typed === '~' ? '~/' : typed;
  if (!place.endsWith('/')) return place;
  const name = repositoryName(url);
  if (name === null) throw new UserError('the URL tells no name for the directory: type one');
  return `${place.replace(/\/+$/, '/')}${name}`;
}

/** What is wrong with a depth as it was typed; `null` when nothing is. */
export function depthFault(typed: string): string | null {
  return /^(?:[1-9][0-9]{0,8})?$/.test(typed.trim()) ? null : 'a number of commits, from 1 on, or nothing';
}
