import { UserError } from '../../lib/errors.ts';
import { folderFault } from '../../opencode/list-folders.ts';
import { repositoryName } from './git-url.ts';

const CONTROLS = /\p{Cc}/u;

/** Returns the default parent folder of a clone: beside the selected project, else the home. Ends with a slash. */
export function parentOf(project: string | null): string {
  if (project === null || project === '/' || !project.startsWith('/')) return '~/';
  return project.slice(0, project.replace(/\/+$/, '').lastIndexOf('/') + 1);
}

/** Returns what is wrong with a typed directory; `null` if nothing is. */
export function directoryFault(typed: string): string | null {
  if (CONTROLS.test(typed)) return 'a directory name cannot contain line breaks or control characters';
  if (typed === '') return null;
  const fault = folderFault(typed);
  if (fault !== null) return fault;
  const name = typed.slice(typed.lastIndexOf('/') + 1);
  return name === '.' || name === '..' ? 'the path must end with a name, or with a slash' : null;
}

/**
 * Returns the directory to clone into: the typed path, with the repository's name appended if it ends with a slash.
 * Throws a UserError if there is no name.
 */
export function cloneDirectory(typed: string, url: string): string {
  const place = typed === '' || typed === '~' ? '~/' : typed;
  if (!place.endsWith('/')) return place;
  const name = repositoryName(url);
  if (name === null) throw new UserError('the URL contains no directory name: type one');
  return `${place.replace(/\/+$/, '/')}${name}`;
}

/** Returns what is wrong with a typed depth; `null` if nothing is. */
export function depthFault(typed: string): string | null {
  return /^(?:[1-9][0-9]{0,8})?$/.test(typed.trim()) ? null : 'a number of commits of at least 1, or empty';
}
