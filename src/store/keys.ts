/** Names of the rows of the tree, unique across hosts. They are compared, and never read. */
export const groupKey = (name: string | null) => (name === null ? 'no group' : `group ${name}`);
/** The heading above the hosts that cannot be read. */
export const UNREACHABLE_KEY = 'not reachable';
export const hostKey = (alias: string) => `host ${alias}`;
export const projectKey = (alias: string, path: string) => `project ${alias}\0${path}`;
export const sessionKey = (alias: string, id: string) => `session ${alias}\0${id}`;
export const moreKey = (alias: string, path: string) => `more ${alias}\0${path}`;
