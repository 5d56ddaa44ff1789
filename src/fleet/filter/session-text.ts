import { endpointOf, type Host } from '../../domain/host.ts';
import type { Session } from '../../domain/session.ts';
import { foldText } from './fold.ts';

/** Returns the names by which a host is found: alias, label and address. */
export function namesOfHost({ alias, label, route }: Host): string[] {
  const names = [alias];
  if (label !== alias) names.push(label);
  const hostname = endpointOf(route)?.hostname;
  if (hostname !== undefined && hostname !== alias) names.push(hostname);
  return names;
}

/** Returns the names of a host in lower case, separated by blanks. */
export function textOfHost(host: Host): string {
  return foldText(namesOfHost(host).join(' '));
}

/** Returns the text of a session that words are searched in, in lower case: title, id, project, directory and the text of its host. */
export function textOfSession({ title, id, project, directory }: Session, hostText: string): string {
  const paths = project === directory ? directory : `${project} ${directory}`;
  return foldText(`${title} ${id} ${paths} ${hostText}`);
}
