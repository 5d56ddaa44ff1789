import { ExpectedError } from '../lib/errors.ts';
import { portableScript, quoteArgument } from '../lib/shell-quote.ts';
import type { Transport } from '../transport/transport.ts';

export interface FolderLimits {
  readonly signal: AbortSignal;
  /** Milliseconds of silence after which the host counts as gone. */
  readonly timeout: number;
}

export interface FolderList {
  /** The typed text completed to full names, each with a slash, in byte order. */
  readonly folders: readonly string[];
  /** There are more than are listed. */
  readonly more: boolean;
  /** Number of folders left out because their names are not UTF-8. */
  readonly unreadable: number;
}

/** Why a folder cannot be used. */
export type FolderErrorKind = 'missing' | 'not-a-folder' | 'not-created' | 'denied' | 'protocol';

/** A folder on a host cannot be used. `message` says why, in the host's own words if there are any. */
export class FolderError extends ExpectedError {
  override readonly name = 'FolderError';
  readonly kind: FolderErrorKind;

  constructor(kind: FolderErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Folders that are listed at most. */
const MAX_FOLDERS = 200;
/** 200 names of 255 bytes, and output of a login shell before them. */
const MAX_BYTES = 1_000_000;
const LIST_MARK = 'ocr folders';
const ENTER_MARK = 'ocr folder';
/** Replaces bytes that are not UTF-8. */
const NOT_UTF8 = '\ufffd';

/** Returns what is wrong with a folder path that the user typed; `null` if nothing is. */
export function folderFault(typed: string): string | null {
  if (typed.includes('\0')) return 'a path cannot hold a NUL character';
  return typed === '~' || typed.startsWith('~/') || typed.startsWith('/') ? null : 'a path must start with / or ~/';
}

/** Lists folders on a host whose path starts with the typed text. Rejects with a TransportError or a FolderError. */
export async function listFolders(
  transport: Pick<Transport, 'exec'>,
  typed: string,
  limits: FolderLimits,
): Promise<FolderList> {
  if (typed === '~') return { folders: ['~/'], more: false, unreadable: 0 };
  const fault = folderFault(typed);
  if (fault !== null) throw new FolderError('missing', fault);
  const records = await recordsOf(transport, listScript(typed), LIST_MARK, limits);
  const names = records.slice(0, -1);
  const readable = names.filter((name) => !name.includes(NOT_UTF8));
  const head = typed.slice(0, typed.lastIndexOf('/') + 1);
  return {
    folders: readable.map((name) => `${head}${name}/`),
    more: records.at(-1) === 'more',
    unreadable: names.length - readable.length,
  };
}

/**
 * Returns the full path of a folder on a host, without `~` and symbolic links, as a program running there sees it.
 *
 * @param create creates the folder and its parents if missing
 * @throws FolderError if it cannot be entered; TransportError
 */
export async function enterFolder(
  transport: Pick<Transport, 'exec'>,
  typed: string,
  create: boolean,
  limits: FolderLimits,
): Promise<string> {
  const fault = folderFault(typed);
  if (fault !== null) throw new FolderError('missing', fault);
  const [outcome = '', said = ''] = await recordsOf(transport, enterScript(typed, create), ENTER_MARK, limits);
  const words = said.replace(/\s+/g, ' ').trim();
  switch (outcome) {
    case 'ok':
      if (said.startsWith('/') && !said.includes(NOT_UTF8)) return said;
      throw new FolderError('protocol', `the real path of ${typed} is not UTF-8`);
    case 'missing':
      throw new FolderError('missing', `there is no folder ${typed}`);
    case 'not-a-folder':
      throw new FolderError('not-a-folder', `${typed} exists, but is not a folder`);
    case 'not-created':
      throw new FolderError('not-created', `${typed} was not created: ${words || 'mkdir failed'}`);
    default:
      throw new FolderError('denied', `${typed} cannot be entered: ${words || 'cd failed'}`);
  }
}

/** Runs a script and returns its output after the mark, split into records at NUL. */
async function recordsOf(
  transport: Pick<Transport, 'exec'>,
  script: string,
  mark: string,
  { signal, timeout }: FolderLimits,
): Promise<string[]> {
  const { stdout, stderr } = await transport.exec(portableScript(script), {
    signal,
    idleTimeout: timeout,
    maxBytes: MAX_BYTES,
  });
  // A login shell may have had its say before.
  const at = stdout.lastIndexOf(`\0${mark}\0`);
  const records = at < 0 ? [] : stdout.slice(at + mark.length + 2).split('\0');
  if (records.pop() !== '' || records.length === 0) {
    const [line = ''] = stderr.trim().split('\n');
    throw new FolderError('protocol', `the host did not list its folders${line === '' ? '' : `: ${line}`}`);
  }
  return records;
}

/** Sets `folder` to the typed path, with `~` expanded by the host. */
function expansion(typed: string): string {
  return `folder=${quoteArgument(typed)}
case $folder in
'~') folder=$HOME ;;
'~/'*) folder=$HOME/\${folder#'~/'} ;;
esac`;
}

function listScript(typed: string): string {
  // The pattern also matches links to folders. The quoted text itself is not a pattern.
  return `LC_ALL=C
export LC_ALL
${expansion(typed)}
printf '\\000${LIST_MARK}\\000'
count=0
end=all
for found in "$folder"*/; do
  found=\${found%/}
  name=\${found##*/}
  case $name in '' | . | ..) continue ;; esac
  [ -d "$found" ] || continue
  if [ "$count" -ge ${MAX_FOLDERS} ]; then
    end=more
    break
  fi
  count=$((count + 1))
  printf '%s\\000' "$name"
done
printf '%s\\000' "$end"`;
}

function enterScript(typed: string, create: boolean): string {
  // A command substitution takes line breaks off the end, which a name may have.
  return `LC_ALL=C
export LC_ALL
${expansion(typed)}
tell() {
  printf '\\000${ENTER_MARK}\\000%s\\000%s\\000' "$1" "$2"
  exit 0
}
if [ ! -d "$folder" ]; then
  if [ -e "$folder" ] || [ -L "$folder" ]; then tell not-a-folder ''; fi
  ${create ? `said=$(mkdir -p -- "$folder" 2>&1) || tell not-created "$said"` : `tell missing ''`}
fi
said=$(cd -- "$folder" 2>&1) || tell denied "$said"
cd -- "$folder" || exit
path=$(pwd -P && printf x)
tell ok "\${path%??}"`;
}
