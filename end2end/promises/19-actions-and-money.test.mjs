// Who does what, money, and what to do if it goes wrong: written by one side, seen by the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();

for (const way of WAYS) {
  test(`something to do is added by one side and done by the other, and undone (${way.name})`, async () => {
    const words = `Ask about the bus pass, ${way.name}`;
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me/plan');
    await sam.look(`plan-${way.name}`);
    await sam.page.getByRole('link', { name: /^Who does what/ }).click();
    await sam.look(`actions-${way.name}`);
    await sam.page.getByRole('link', { name: 'Add something to do' }).click();
    await sam.page.getByRole('button', { name: 'Add' }).click();
    assert.match(await sam.page.getByRole('alert').innerText(), /Choose the part of the plan[^]*Choose who sees it/);
    await sam.look(`actions-wrong-${way.name}`);
    await sam.page.getByLabel('Which part of the plan?').selectOption('work');
    await sam.page.getByLabel('What is to be done?').fill(words);
    await sam.page.getByRole('group', { name: 'Who does it?' }).getByLabel('Me', { exact: true }).check();
    await sam.page.getByLabel('Only me').check();
    await sam.page.getByRole('button', { name: 'Add' }).click();
    await sam.page.locator('.flash').waitFor();

    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work/people');
    await page.getByRole('link', { name: /^Sam/ }).click();
    const person = page.url();
    await page.goto(`${person}/plan/actions`);
    assert.ok(!(await main(page)).includes(words), 'private');

    await sam.page.getByRole('link', { name: words }).click();
    await sam.look(`action-private-${way.name}`);
    await sam.page.getByRole('button', { name: 'Share it with my workers' }).click();
    await sam.page.locator('.flash').waitFor();

    await page.goto(`${person}/plan/actions`);
    await worker.look(`actions-worker-${way.name}`);
    await page.getByRole('link', { name: words }).click();
    await worker.look(`action-worker-${way.name}`);
    await page.getByLabel('Done', { exact: true }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.flash').waitFor();

    await sam.page.reload();
    assert.match(await main(sam.page), /Marked as done by Priya Nair/);
    await sam.page.getByRole('button', { name: 'Undo the last change' }).click();
    assert.match(await main(sam.page), /Last change undone by you/);
    await sam.page.getByRole('link', { name: 'Everything that was done with it' }).click();
    await sam.look(`action-history-${way.name}`);
    sam.clean();
    worker.clean();
    await sam.close();
    await worker.close();
  });

  test(`money is agreed, paid, put right, and told to the young person (${way.name})`, async () => {
    const name = `Setting up home, ${way.name}`;
    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work/people');
    await page.getByRole('link', { name: /^Sam/ }).click();
    await page.getByRole('link', { name: /^Money/ }).click();
    await worker.look(`money-${way.name}`);
    await page.getByRole('link', { name: 'Add what they are to get' }).click();
    await page.getByRole('link', { name: /^Setting up home allowance/ }).click();
    await page.getByLabel('What is it?').fill(name);
    await worker.look(`money-new-${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.flash').waitFor();
    await page.getByRole('link', { name: /^Write down a payment/ }).filter({ hasText: name }).last().click();
    await page.getByLabel('How much was paid?').fill('1,25');
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Write the amount in pounds/);
    await worker.look(`money-wrong-${way.name}`);
    for (const amount of ['120.50', '30']) {
      await page.getByLabel('How much was paid?').fill(amount);
      await page.getByLabel('What for?').fill('a bed');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('.flash').waitFor();
    }
    await page.getByRole('button', { name: 'This was written down wrong: undo it' }).last().click();
    await page.locator('.flash').waitFor();
    await worker.look(`money-one-${way.name}`);
    worker.clean();
    await worker.close();

    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me/plan/money');
    assert.match(await main(sam.page), /Had\s+£120\.50/);
    await sam.look(`my-money-${way.name}`);
    sam.clean();
    await sam.close();
  });

  test(`what to do if it goes wrong is one tap away, and kept on the phone (${way.name})`, async () => {
    const sam = await browser.visitor(way);
    const { page } = sam;
    await signIn(page, SAM);
    await page.goto('/me');
    await page.getByRole('link', { name: /^If it goes wrong/ }).click();
    await sam.look(`wrong-${way.name}`);
    await page.getByRole('link', { name: /^(Write|Change) it$/ }).click();
    await page.getByLabel('Who I call').fill('Nan 07700 900123');
    await page.getByLabel('What I do, and what helps').fill(`A walk, ${way.name}`);
    await sam.look(`wrong-edit-${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('main a[href="tel:07700900123"]').waitFor();
    await sam.look(`wrong-written-${way.name}`);
    await page.getByRole('link', { name: 'Keep it on my phone' }).click();
    await sam.look(`wrong-keep-${way.name}`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Get the file' }).click(),
    ]);
    assert.equal(file.suggestedFilename(), 'my-help.html');
    sam.clean();
    await sam.close();
  });
}
