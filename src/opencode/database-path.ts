import type { LoginEnvironment } from '../domain/login.ts';
import { quoteArgument } from '../lib/shell-quote.ts';
import { throughLoginShell } from './login-shell.ts';

/** Stands in for the user's own `OPENCODE_DB`: if the answer contains it, the program does not set another. */
const STAND_IN = 'ocr-stand-in.db';

/**
 * Returns a command line that prints which database opencode uses after a login, for `parseDatabasePath`. `opencode db path` is the authority, but it
 * opens the database it names: it creates or migrates it, and writes checkpoints (1.18.33). So it runs with empty folders, from whose paths the real
 * ones follow. Only a wrapper that names an absolute path has its own database opened.
 */
export function databasePathCommand(opencodePath: string, login: LoginEnvironment | null, mark: string): string {
  const script = `
ocr_scratch=$(mktemp -d "\${TMPDIR:-/tmp}/ocr.XXXXXXXXXX") || exit 1
trap 'rm -rf "$ocr_scratch"' EXIT
trap 'exit 1' HUP INT TERM PIPE
ocr_program=${quoteArgument(opencodePath)}
ocr_real=\${XDG_DATA_HOME:-$HOME/.local/share}/opencode
ocr_answer=$(
  [ -z "$OPENCODE_DB" ] || { OPENCODE_DB=${STAND_IN}; export OPENCODE_DB; }
  XDG_DATA_HOME=$ocr_scratch/data XDG_STATE_HOME=$ocr_scratch/state XDG_CACHE_HOME=$ocr_scratch/cache XDG_CONFIG_HOME=$ocr_scratch/config
  OPENCODE_DISABLE_AUTOUPDATE=1 PATH=$PATH:\${ocr_program%/*}
  export XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_CONFIG_HOME OPENCODE_DISABLE_AUTOUPDATE PATH
  cd / && "$ocr_program" db path </dev/null 2>/dev/null | tail -n 1
)
printf '\\n@ocr %s scratch %s\\n' ${quoteArgument(mark)} "$ocr_scratch/data/opencode"
printf '@ocr %s data %s\\n' ${quoteArgument(mark)} "$ocr_real"
printf '@ocr %s variable %s\\n' ${quoteArgument(mark)} "$OPENCODE_DB"
printf '@ocr %s answer %s\\n' ${quoteArgument(mark)} "$ocr_answer"
`;
  return throughLoginShell(script, login?.mode ?? null);
}

/** Parses the output of `databasePathCommand`; `null` if opencode named no database. */
export function parseDatabasePath(output: string, mark: string): string | null {
  const fact = (name: string) => {
    const start = `@ocr ${mark} ${name} `;
    return (
      output
        .split('\n')
        .findLast((line) => line.startsWith(start))
        ?.slice(start.length) ?? ''
    );
  };
  const [answer, scratch, data, variable] = [fact('answer'), fact('scratch'), fact('data'), fact('variable')];
  if (!answer.startsWith('/') || scratch === '') return null;
  if (answer === `${scratch}/${STAND_IN}`) return variable.startsWith('/') ? variable : `${data}/${variable}`;
  return answer.startsWith(`${scratch}/`) ? `${data}${answer.slice(scratch.length)}` : answer;
}
