// Files of the case system: what they would do, bringing the good rows in, mending the others; teams and duty desks; and
// a manager who reads who has no adviser and says yes to a code. On a phone, with and without script.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { browser } from '../lib/demo.mjs';
import { ADMIN, MANAGER, signIn } from '../lib/people.mjs';

const text = (page) => page.locator('main').innerText();
const file = (name, body) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(body) });

for (const script of [false, true]) {
  const how = script ? 'with script' : 'without script';
  const shot = (name) => `${name}-${how.replace(' ', '-')}`;

  test(`files are tried, their good rows come in, and the others can be mended, ${how}`, async () => {
    const visitor = await browser.visitor({ script });
    const { page } = visitor;
    await signIn(page, ADMIN);
    await page.goto('/admin');
    await visitor.look(shot('admin'));
    await page.getByRole('link', { name: 'Import from the case system' }).click();
    await visitor.look(shot('import'));
    await page.getByRole('button', { name: 'See what they would do' }).click();
    assert.match(await page.title(), /^Error: /);
    await visitor.look(shot('import-nothing'));
    await page.getByLabel('Young people').setInputFiles(file('people.csv', 'name;born_on\nZora;2009-09-02\n'));
    await page.getByRole('button', { name: 'See what they would do' }).click();
    assert.match(await text(page), /The people file lacks the columns case_key, locality/);
    await visitor.look(shot('import-wrong'));

    const key = script ? 'A' : 'B';
    const people = `\u{feff}Case Key;Name;Born on;Locality\r\n${key}1;Zora Zebra ${key};02/09/2009;North\r\n${key}2;=1+1;2009-13-01;North\r\n`;
    const works = `case_key,email,part,from\n${key}1,priya@demo.invalid,pa,2025-09-02\n${key}9,priya@demo.invalid,pa,2025-09-02\n`;
    await page.getByLabel('Young people').setInputFiles(file('people.csv', people));
    await page.getByLabel('Who works with whom').setInputFiles(file('works.csv', works));
    await page.getByRole('button', { name: 'See what they would do' }).click();
    assert.match(await text(page), /1 to add, 0 to change, 0 as they are, 1 left out/);
    assert.match(await text(page), /Line 3: born_on is not a date/);
    assert.doesNotMatch(await text(page), /Zora|Samuel|Priya/);
    await visitor.look(shot('import-tried'));

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download these rows: Young people' }).click(),
    ]);
    const bad = await readFile(await download.path(), 'utf8');
    assert.equal(download.suggestedFilename(), 'people-to-mend.csv');
    assert.match(bad, new RegExp(`^\u{feff}Case Key,Name,Born on,Locality,reason\r\n${key}2,'=1\\+1,2009-13-01,North,born_on is not a date`));

    await page.getByRole('button', { name: 'Import the good rows' }).click();
    assert.match(await page.locator('.flash').innerText(), /The good rows are in/);
    assert.match(await text(page), /0 to add, 0 to change, 1 as they are, 1 left out/);
    await visitor.look(shot('import-done'));

    await page.goto('/admin/import');
    const mended = bad.replace('2009-13-01', '2009-12-01').replace("'=1+1", `Thea Third ${key}`);
    await page.getByLabel('Young people').setInputFiles(file('mended.csv', mended));
    await page.getByRole('button', { name: 'See what they would do' }).click();
    await page.getByRole('button', { name: 'Import these rows' }).click();
    assert.match(await text(page), new RegExp(`Keys of your file without a personal adviser now: 1\\s+${key}2\\.`));
    await page.getByRole('button', { name: 'Forget these files' }).click();
    assert.equal(new URL(page.url()).pathname, '/admin/import');
    visitor.clean();
    await visitor.close();
  });

  test(`a manager is put in a team, and reads who of it has no adviser, ${how}`, async () => {
    const admin = await browser.visitor({ script });
    await signIn(admin.page, ADMIN);
    await admin.page.goto('/admin/teams');
    assert.match(await text(admin.page), /Nobody is on the duty desk/);
    await admin.look(shot('teams'));
    await admin.page.goto('/admin');
    await admin.page.getByRole('link', { name: /^Morag Lewis/ }).click();
    await admin.page.getByLabel('Team', { exact: true }).selectOption({ label: 'North leaving care team' });
    await admin.page.getByLabel('On the duty desk').check();
    await admin.page.getByRole('button', { name: 'Save the team' }).click();
    assert.match(await text(admin.page), /They do not hold the duty role/);
    await admin.look(shot('team-refused'));
    await admin.page.getByLabel('On the duty desk').uncheck();
    await admin.page.getByRole('button', { name: 'Save the team' }).click();
    assert.match(await text(admin.page), /They are in the North leaving care team\./);
    await admin.look(shot('team-chosen'));

    const morag = await browser.visitor({ script });
    await signIn(morag.page, MANAGER);
    await morag.page.goto('/work');
    await morag.page.getByRole('link', { name: 'Who has no personal adviser' }).click();
    const key = script ? 'A' : 'B';
    assert.match(await text(morag.page), new RegExp(`Thea Third ${key}, 16, North leaving care team, had none at 16`));
    await morag.look(shot('without-adviser'));

    // Somebody of the team is locked out: the administrator gives a code, and the manager says yes.
    await admin.page.goto('/admin');
    await admin.page.getByRole('link', { name: /^Priya Nair/ }).click();
    await admin.page.getByLabel('Team', { exact: true }).selectOption({ label: 'North leaving care team' });
    await admin.page.getByRole('button', { name: 'Save the team' }).click();
    await admin.page.getByLabel('I see them on a video call').check();
    await admin.page.getByRole('button', { name: 'Give a code' }).click();
    assert.match(await text(admin.page), /It does not work yet/);
    await admin.look(shot('staff-code'));
    await morag.page.goto('/work');
    await morag.page.getByRole('link', { name: 'Codes of staff that wait for a second yes' }).click();
    await morag.look(shot('staff-codes'));
    await morag.page.getByRole('button', { name: 'Yes, the code of Priya Nair may work' }).click();
    assert.match(await text(morag.page), /No code waits for you/);
    for (const visitor of [admin, morag]) {
      visitor.clean();
      await visitor.close();
    }
  });
}
