import { quoteArgument } from '../lib/shell-quote.ts';
import { PYTHON, READ_FUNCTIONS } from './read-script.ts';
import { REPORT_FUNCTIONS } from './survey-script.ts';

/**
 * Prints the rows of one query from a host's database, in the host's persistent shell. Like a survey, it changes no file. It runs in a subshell, so
 * it leaves the variables of an unfinished survey alone.
 */
export function contentScript(databasePath: string, sql: string): string {
  const variables = {
    ocr_db: databasePath,
    ocr_skip: '',
    ocr_tables_sql: 'SELECT 1 WHERE 0',
    ocr_sql: sql,
    ocr_core_sql: sql,
    ocr_python: PYTHON,
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${quoteArgument(value)}`);
  return [REPORT_FUNCTIONS, READ_FUNCTIONS, '(', ...assignments, CONTENT, ')'].join('\n');
}

const CONTENT = `
exec 3>&1
ocr_say opencode content
ocr_fingerprint=$(ocr_print_fingerprint)
ocr_read_rows
`;
