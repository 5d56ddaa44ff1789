import { describe, expect, it } from 'vitest';
import { contentScript } from '../../src/probe/content-script.ts';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';
import { OpencodeHome, SCHEMA } from '../support/opencode-home.ts';
import { isInstalled } from '../support/programs.ts';

const RUNGS = (['sqlite3', 'python3'] as const).filter(isInstalled);
const SQL = 'SELECT id FROM session';

describe.each(RUNGS)('what is stored, read by %s', (rung) => {
  const skip = rung === 'python3' ? 'sqlite3' : '';
  const scriptOf = (database: string) => contentScript(database, SQL).replace(/^ocr_skip=.*$/m, `ocr_skip='${skip}'`);
  const makeHome = async () => {
    const home = await OpencodeHome.create();
    home.query(SCHEMA);
    home.insertSession('ses_1');
    return home;
  };

  it('is read in a shell in which there was no survey yet', async () => {
    const home = await makeHome();
    const { output } = await (await home.openShell())(scriptOf(home.database));
    expect(parseSurveyReport(output).state).toEqual({ kind: 'rows', rung, text: expect.stringContaining('ses_1') });
  });

  it('leaves a survey that is under way in that shell as it was', async () => {
    const home = await makeHome();
    const run = await home.openShell('ocr_db=/of/the/survey ocr_sql=theirs ocr_skip=sqlite3');
    await run(scriptOf(home.database));
    expect((await run(`printf %s "$ocr_db $ocr_sql $ocr_skip"`)).output).toBe('/of/the/survey theirs sqlite3');
  });
});
