import type { PermissionRequest, QuestionItem, QuestionRequest, UserRequest } from './user-request.ts';

/**
 * True if two requests ask for the same thing, so that an answer to one answers the other. A server may reuse an id for something else. Ignores when
 * a request was first seen.
 */
export function isSameRequest(a: UserRequest, b: UserRequest): boolean {
  if (a === b) return true;
  if (a.id !== b.id || a.sessionId !== b.sessionId || a.directory !== b.directory) return false;
  if (a.kind === 'permission') return b.kind === 'permission' && isSamePermission(a, b);
  return b.kind === 'question' && isSameQuestion(a, b);
}

function isSamePermission(a: PermissionRequest, b: PermissionRequest): boolean {
  return (
    a.permission === b.permission &&
    a.command === b.command &&
    a.path === b.path &&
    a.diff === b.diff &&
    isSameList(a.patterns, b.patterns) &&
    isSameList(a.always, b.always) &&
    isSameFacts(a.facts, b.facts)
  );
}

function isSameQuestion(a: QuestionRequest, b: QuestionRequest): boolean {
  return isSameList(a.questions, b.questions, isSameItem);
}

function isSameItem(a: QuestionItem, b: QuestionItem): boolean {
  return (
    a.header === b.header &&
    a.question === b.question &&
    a.multiple === b.multiple &&
    a.custom === b.custom &&
    isSameList(a.options, b.options, (one, other) => {
      return one.label === other.label && one.description === other.description;
    })
  );
}

function isSameFacts(a: PermissionRequest['facts'], b: PermissionRequest['facts']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

function isSameList<T>(
  a: readonly T[],
  b: readonly T[],
  isSame: (one: T, other: T) => boolean = (one, other) => one === other,
): boolean {
  return a.length === b.length && a.every((one, at) => isSame(one, b[at] as T));
}
