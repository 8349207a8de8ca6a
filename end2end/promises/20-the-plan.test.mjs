// A pathway plan: written by both, shared with what changed marked, answered, submitted and signed off.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, MANAGER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();

async function save(page, text) {
  await page.getByRole('textbox').fill(text);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.flash').waitFor();
}

for (const way of WAYS) {
  test(`a plan goes from both pens to the young person's word and the manager's name (${way.name})`, async () => {
    const [now, mine] = [`You have a room of your own. ${way.name} looked at it.`, `I want a place with a garden, ${way.name}.`];
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me/plan');
    await sam.look(`the-plan-${way.name}`);
    await sam.page.locator('a[href="/me/plan/want/home"]').click();
    await sam.look(`the-plan-want-${way.name}`);
    await save(sam.page, mine);
    assert.ok((await main(sam.page)).includes(mine));

    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work/people');
    await page.getByRole('link', { name: /^Sam/ }).click();
    const person = page.url();
    await page.goto(`${person}/plan`);
    assert.match(await main(page), /in their own words/);
    await worker.look(`the-plan-worker-${way.name}`);
    await page.goto(`${person}/plan/write/home/now`);
    await worker.look(`the-plan-write-${way.name}`);
    await save(page, now);
    await page.getByRole('link', { name: 'Share it' }).click();
    await worker.look(`the-plan-share-${way.name}`);
    await page.getByRole('button', { name: 'Share it now' }).click();
    await page.locator('.flash').waitFor();

    await sam.page.goto('/me/plan');
    assert.ok((await main(sam.page)).includes(mine));
    assert.ok((await main(sam.page)).includes(`${way.name} looked at it.`));
    await sam.look(`the-plan-changed-${way.name}`);
    await sam.page.locator('a[href="/me/plan/say/home"]').click();
    await sam.page.getByLabel('I do not agree, because …').check();
    await sam.page.getByRole('button', { name: 'Save' }).click();
    assert.match(await sam.page.getByRole('alert').innerText(), /Say in your own words what you do not agree with/);
    await sam.look(`the-plan-say-wrong-${way.name}`);
    await save(sam.page, `Nobody asked me, ${way.name}.`);

    await page.goto('/work');
    assert.match(await main(page), /oes not agree with a part of the plan/);
    await page.goto(`${person}/plan`);
    await worker.look(`the-plan-disagrees-${way.name}`);
    await page.getByRole('button', { name: 'We talked about it' }).first().click();
    await page.locator('.flash').waitFor();

    await sam.page.goto('/me/plan/meeting');
    await sam.page.getByLabel('Money').check();
    await sam.page.getByLabel('What I want to ask or say').fill(`Driving lessons, ${way.name}?`);
    await sam.look(`the-plan-meeting-${way.name}`);
    await sam.page.getByRole('button', { name: 'Share it' }).click();
    await sam.page.locator('.flash').waitFor();
    await page.goto(`${person}/plan/review`);
    assert.ok((await main(page)).includes(`Driving lessons, ${way.name}?`));
    await worker.look(`the-plan-review-${way.name}`);
    await page.getByRole('button', { name: 'It was reviewed' }).click();
    await page.locator('.flash').waitFor();

    await page.goto(`${person}/plan`);
    await page.getByRole('link', { name: 'Submit it to a manager' }).click();
    await worker.look(`the-plan-submit-${way.name}`);
    await page.getByRole('button', { name: 'Submit it' }).click();
    await page.locator('.flash').waitFor();
    const manager = await browser.visitor(way);
    await signIn(manager.page, MANAGER);
    await manager.page.goto('/work');
    await manager.page.getByRole('link', { name: "Sam's plan" }).click();
    assert.ok((await main(manager.page)).includes(`Nobody asked me, ${way.name}.`));
    await manager.look(`the-plan-sign-${way.name}`);
    await manager.page.getByRole('button', { name: 'Sign it off' }).click();
    await manager.page.locator('.flash').waitFor();

    await sam.page.goto('/me/plan/versions');
    assert.match(await main(sam.page), /signed off/);
    await sam.look(`the-plan-versions-${way.name}`);
    await sam.page.getByRole('link', { name: /^Version 2/ }).click();
    await sam.look(`the-plan-version-${way.name}`);
    await sam.page.goto('/me/plan/print');
    await sam.look(`the-plan-print-${way.name}`);
    sam.clean();
    worker.clean();
    manager.clean();
    await sam.close();
    await worker.close();
    await manager.close();
  });
}

test('what is typed and not saved is in its box again', async () => {
  const sam = await browser.visitor(WAYS[0]);
  await signIn(sam.page, SAM);
  for (const path of ['/me/plan/want/if_it_goes_wrong', '/me/plan/say/home', '/me/plan/meeting', '/me/plan/actions/new']) {
    await sam.page.goto(path);
    const box = sam.page.locator('textarea').first();
    await box.fill(`typed on ${path}`);
    await sam.page.getByText('Kept as a draft.').waitFor();
    await sam.page.goto('/me/plan');
    await sam.page.goto(path);
    assert.equal(await box.inputValue(), `typed on ${path}`);
    await sam.page.getByText('It is not saved yet.').waitFor();
    await sam.look(`the-plan-kept-${path.split('/').pop()}`);
  }
  // Every box of a form, and what is ticked beside it: also a tick alone, and one that was taken away.
  const { page } = sam;
  await page.goto('/me/if-it-goes-wrong/edit');
  await page.getByLabel('Who I call').fill('Nan 07700 900123');
  await page.getByText('Kept as a draft.').waitFor();
  await page.goto('/me/if-it-goes-wrong/edit');
  assert.equal(await page.getByLabel('Who I call').inputValue(), 'Nan 07700 900123');
  await sam.look('the-plan-kept-crisis');
  await page.goto('/me/plan/meeting');
  await page.locator('textarea').first().fill('');
  const [money, home] = [page.getByLabel('Money', { exact: true }), page.getByLabel('A place to live', { exact: true })];
  await money.check();
  await home.check();
  await page.getByText('Kept as a draft.').waitFor();
  await page.goto('/me/plan');
  await page.goto('/me/plan/meeting');
  assert.ok((await money.isChecked()) && (await home.isChecked()));
  await home.uncheck();
  await page.getByText('Kept as a draft.').waitFor();
  await page.goto('/me/plan');
  await page.goto('/me/plan/meeting');
  assert.ok((await money.isChecked()) && !(await home.isChecked()));
  await sam.look('the-plan-kept-ticks');
  await sam.close();
});
