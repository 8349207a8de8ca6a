// Ideas for goals go into a plan, what was agreed becomes what somebody does, and the plan fits on one side of paper.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();

/** How many sheets a page of the portal takes. A browser without a window is the only one that prints. */
async function sheets(page) {
  const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
  return pdf.match(/\/Type\s*\/Page[^s]/g).length;
}

async function worker(way) {
  const visitor = await browser.visitor(way);
  await signIn(visitor.page, ADVISER);
  await visitor.page.goto('/work/people');
  await visitor.page.getByRole('link', { name: /^Sam/ }).click();
  return [visitor, visitor.page.url()];
}

async function write(page, path, text) {
  await page.goto(path);
  await page.getByRole('textbox').fill(text);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.flash').waitFor();
}

for (const way of WAYS) {
  test(`an idea is taken, changed and saved, and what was agreed is on a list (${way.name})`, async () => {
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me/plan');
    await sam.page.locator('a[href="/me/plan/goals#health"]').click();
    await sam.look(`goals-${way.name}`);
    // Each way takes one of its own: what was taken has no box the next time.
    const [name, first] = {
      phone: ['Get a doctor near me', 'Me: Find a GP practice near home'],
      'phone-no-script': ['Get a dentist', 'Me: Call two dentists and ask whether they take NHS patients'],
      desk: ['Get help for my mind', 'Me: Talk to my GP'],
    }[way.name];
    await sam.page.getByRole('link', { name }).click();
    await sam.look(`goals-one-${way.name}`);
    await sam.page.getByLabel(first).check();
    await sam.page.getByRole('button', { name: 'Use this' }).click();
    assert.match(await sam.page.getByRole('alert').innerText(), /Choose who sees what you ticked/);
    assert.ok(await sam.page.getByLabel(first).isChecked());
    await sam.look(`goals-wrong-${way.name}`);
    await sam.page.getByLabel('Me and whoever works with me').check();
    await sam.page.getByRole('button', { name: 'Use this' }).click();
    await sam.page.waitForURL(/want\/health\?goal=/);
    await sam.look(`goals-box-${way.name}`);
    const box = sam.page.getByRole('textbox');
    await box.fill(`${await box.inputValue()} And soon, ${way.name}.`);
    await sam.page.getByRole('button', { name: 'Save' }).click();
    await sam.page.waitForURL(/\/me\/plan/);
    assert.ok((await main(sam.page)).includes(`And soon, ${way.name}.`));
    assert.ok((await main(sam.page)).includes(first.replace('Me: ', '')));

    const [priya, person] = await worker(way);
    const { page } = priya;
    const line = `Look at a course, ${way.name}`;
    await write(page, `${person}/plan/write/education/agreed`, `- ${line}\n- And another thing, ${way.name}`);
    await page.goto(`${person}/plan/review`);
    await page.getByRole('button', { name: 'It was reviewed' }).click();
    await page.waitForURL(/\/plan\/agreed/);
    await priya.look(`agreed-${way.name}`);
    await page.getByRole('button', { name: 'Add what is ticked' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Tick at least one line/);
    await priya.look(`agreed-wrong-${way.name}`);
    await page.getByLabel(line, { exact: true }).check();
    await page.getByRole('button', { name: 'Add what is ticked' }).click();
    await page.waitForURL(/\/plan\/actions/);
    assert.ok((await main(page)).includes(line));
    await page.goto(`${person}/plan/print`);
    await priya.look(`paper-worker-${way.name}`);
    await page.goto(`${person}/plan/goals/doctor`);
    await priya.look(`goals-worker-${way.name}`);
    await sam.page.goto('/me/plan/print/short');
    await sam.look(`paper-short-${way.name}`);
    sam.clean();
    priya.clean();
    await sam.close();
    await priya.close();
  });
}

test('a full plan, with ten parts and sixty actions, is one side of A4, and with contacts only when a worker says so', async () => {
  const [sam, [priya, person]] = [await browser.visitor(WAYS[2]), await worker(WAYS[2])];
  const { page } = priya;
  await signIn(sam.page, SAM);
  // The widest letters, and a word that has no end.
  const long = `Nan is on 07700 900123. ${'WWWWWWWWW MMMMMMMM '.repeat(8)} ${'W'.repeat(300)}`;
  const headings = ['support', 'education', 'work', 'if_it_goes_wrong', 'home', 'relationships', 'skills', 'money', 'health', 'identity'];
  for (const [n, heading] of headings.entries()) {
    await write(sam.page, `/me/plan/want/${heading}`, `${long}, part ${n}`);
  }
  const steps = Array.from({ length: 60 }, (_, n) => `Step ${n + 1}: ${'WMWMWMWM '.repeat(7)}`);
  await write(page, `${person}/plan/write/skills/agreed`, steps.join('\n'));
  await page.goto(`${person}/plan/share`);
  await page.getByRole('button', { name: 'Share it now' }).click();
  await page.locator('.flash').waitFor();
  for (let left = 60; left > 0; left -= 48) {
    await page.goto(`${person}/plan/agreed`);
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    for (const day of await page.locator('input[type=date]').all()) await day.fill('2027-12-30');
    await page.getByRole('button', { name: 'Add what is ticked' }).click();
    await page.waitForURL(/\/plan\/actions/);
  }
  await sam.page.goto('/me/plan/print/short');
  assert.match(await main(sam.page), /And \d+ more: they stand in your plan/);
  await sam.look('paper-short-full');
  assert.equal(await sheets(sam.page), 1);
  await sam.page.goto('/me/plan/print');
  assert.ok((await sheets(sam.page)) > 1, 'all of it is more');
  assert.doesNotMatch(await main(sam.page), /07700/);
  await page.goto(`${person}/plan/print`);
  assert.doesNotMatch(await main(page), /07700/);
  await page.getByRole('button', { name: 'Print with contacts' }).click();
  await page.getByText('may stand on this paper').waitFor();
  assert.match(await main(page), /07700 900123/);
  await priya.look('paper-with-contacts');
  sam.clean();
  priya.clean();
  await sam.close();
  await priya.close();
});
