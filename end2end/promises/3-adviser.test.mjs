// A personal adviser sees who waits longest, reads, and answers; the young person sees it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, PHONE } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, MANAGER, SAM, signIn, signOutElsewhere } from '../lib/people.mjs';

const waiting = (page) => page.locator('ol.queue').first().locator('li');
const write = async (page, label, text) => {
  await page.getByLabel(label).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.flash').waitFor();
};

test('who waits longest stands first; an answer takes them off the queue (no script)', async () => {
  const sam = await browser.visitor({ script: false });
  await signIn(sam.page, SAM);
  await sam.page.goto('/me/messages');
  await write(sam.page, 'Write to Priya Nair', 'are you in on friday?');

  const priya = await browser.visitor({ script: false, size: PHONE });
  await signIn(priya.page, ADVISER);
  assert.equal(new URL(priya.page.url()).pathname, '/work');
  const rows = await waiting(priya.page).allInnerTexts();
  assert.match(rows[0], /Aaliyah[^]*1 message not opened[^]*Waiting 5 hours/);
  assert.match(rows[1], /Sam[^]*1 message not opened[^]*Waiting less than a minute/);
  await priya.look('work-phone-no-script');

  // The page is not opened by having been listed.
  await sam.page.reload();
  assert.match(await sam.page.locator('.thread .mine').last().innerText(), /Saved\. Not opened yet\./);

  await waiting(priya.page).nth(1).click();
  assert.match(await priya.page.locator('.thread .theirs').last().innerText(), /are you in on friday\?/);
  await priya.look('work-messages-phone-no-script');
  await sam.page.reload();
  assert.match(await sam.page.locator('.thread .mine').last().innerText(), /Opened by Priya Nair, today/);
  await sam.look('me-messages-opened-phone-no-script');

  await priya.page.getByRole('button', { name: 'Send' }).click();
  assert.match(await priya.page.title(), /^Error: /);
  await priya.look('work-messages-empty-phone-no-script');
  await write(priya.page, 'Answer Sam', 'Yes, from ten.\nCome by.');
  await priya.look('work-messages-sent-phone-no-script');
  await sam.page.reload();
  assert.match(await sam.page.locator('.thread .theirs').last().innerText(), /Priya Nair[^]*Yes, from ten\.\nCome by\./);
  assert.match(await sam.page.locator('.thread .mine').last().innerText(), /Answered/);

  await priya.page.goto('/work');
  assert.equal(await waiting(priya.page).count(), 1);
  assert.match(await priya.page.locator('main').innerText(), /Nothing to do today for 1 other person/);
  await priya.page.getByRole('link', { name: 'all your people' }).click();
  await priya.look('work-people-phone-no-script');
  await priya.page.getByRole('link', { name: /^Sam/ }).click();
  await priya.look('work-person-phone-no-script');
  await priya.page.getByRole('link', { name: /^Plan/ }).click();
  assert.match(await priya.page.locator('main').innerText(), /Samuel|Sam/);
  await priya.look('work-plan-phone-no-script');
  await sam.close();
  await priya.close();
});

test('an open page shows the answer by itself and leaves what is being typed alone', async () => {
  const sam = await browser.visitor();
  const { page } = sam;
  await signIn(page, SAM);
  await page.goto('/me/messages');
  await write(page, 'Write to Priya Nair', 'can you ring the landlord?');
  const list = await page.locator('.thread .msg').count();
  const box = page.getByLabel('Write to Priya Nair');
  await box.focus();
  await page.keyboard.type('also i need');
  await page.keyboard.press('ArrowLeft');
  const state = () =>
    page.evaluate(() => {
      const { id, value, selectionStart } = document.activeElement;
      return { mark: window.sameDocument, id, value, selectionStart };
    });
  await page.evaluate(() => (window.sameDocument = 'yes'));
  // What a screen reader would say, in order.
  await page.evaluate(() => {
    window.announced = [];
    new MutationObserver(() => {
      const said = document.querySelector('leptos-island [role=status]').textContent;
      if (said) window.announced.push(said);
    }).observe(document.querySelector('leptos-island [role=status]'), { childList: true, characterData: true, subtree: true });
  });
  const top = () => page.evaluate(() => document.activeElement.getBoundingClientRect().top);
  const [before, stood] = [await state(), await top()];
  assert.equal(before.value, 'also i need');

  const priya = await browser.visitor({ size: DESK });
  await signIn(priya.page, ADVISER);
  await priya.page.getByRole('link', { name: /^Sam/ }).click();
  await page.locator('.thread .mine').last().getByText(/Opened by Priya Nair, today/).waitFor({ timeout: 15_000 });
  await priya.look('work-messages-desk');
  await write(priya.page, 'Answer Sam', 'I rang them. They fix it on Tuesday.');
  await page.locator('.thread .theirs').last().getByText('They fix it on Tuesday').waitFor({ timeout: 15_000 });

  assert.equal(await page.locator('.thread .msg').count(), list + 1);
  assert.deepEqual(await state(), before, 'document, focus, words and caret are as they were');
  assert.ok(Math.abs((await top()) - stood) < 3, 'and what is being typed stands where it stood on the screen');
  assert.deepEqual(await page.evaluate(() => window.announced), ['1 new message']);
  assert.match(await page.locator('.thread .mine').last().innerText(), /Answered/);
  await sam.look('me-messages-live-phone');

  // And the other way: the adviser's open page follows too.
  await box.press('End');
  await page.keyboard.type(' a bed');
  await page.getByRole('button', { name: 'Send' }).click();
  await priya.page.locator('.thread .theirs').last().getByText('also i need a bed').waitFor({ timeout: 15_000 });
  priya.clean();
  sam.clean();

  // Signed out in another tab, while the page listens and asks seldom: it says so at once and keeps the words.
  await page.getByLabel('Write to Priya Nair').fill('one more thing');
  await signOutElsewhere(sam);
  await page.getByText('You have been signed out. Your text is still here.').waitFor({ timeout: 15_000 });
  assert.equal(await page.getByLabel('Write to Priya Nair').inputValue(), 'one more thing');
  sam.faults = [];
  await page.getByRole('button', { name: 'Send' }).click();
  assert.match(await page.locator('main').innerText(), /You have been signed out/);
  assert.equal(await page.getByLabel('What you typed').inputValue(), 'one more thing');
  await sam.look('signed-out-while-writing-phone');
  await sam.close();
  await priya.close();
});

test('the queue on a desk, for an adviser and for a manager', async () => {
  for (const who of [ADVISER, MANAGER]) {
    const visitor = await browser.visitor({ size: DESK });
    await signIn(visitor.page, who);
    assert.equal(await visitor.page.getByRole('heading', { level: 1 }).innerText(), 'Today');
    await visitor.look(`work-${who}-desk`);
    await visitor.close();
  }
});
