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
