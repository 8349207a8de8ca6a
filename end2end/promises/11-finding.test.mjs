// Finding what one is owed: the checker, the search, a list to keep, and words that open where they stand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { back, WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';

for (const way of WAYS) {
  test(`six questions say what I can get, Back works, and nothing about me is in the address (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('link', { name: 'What can I get?' }).first().click();
    const choose = async (label) => {
      await page.getByLabel(label, { exact: true }).check();
      await page.locator('button.btn', { hasText: 'Continue' }).click();
      assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/entitlements/check');
    };
    await visitor.look(`check-age-${way.name}`);
    await page.locator('button.btn', { hasText: 'Continue' }).click();
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await visitor.look(`check-wrong-${way.name}`);
    await choose('17');
    await choose('Yes, for 13 weeks or more in all since I was 14');
    await choose('I am in care');
    // The browser's own Back, two pages, and on again.
    const care = page.getByRole('heading', { name: 'Were you in care when you were 16 or 17?' });
    for (let steps = 0; steps < 4 && !(await care.isVisible()); steps++) await back(page);
    await care.waitFor();
    await choose('Yes, for 13 weeks or more in all since I was 14');
    await choose('I am in care');
    // Its own Back keeps the answer.
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    assert.ok(await page.getByLabel('I am in care', { exact: true }).isChecked());
    await page.locator('button.btn', { hasText: 'Continue' }).click();
    await choose('The county council here');
    await choose('Burnley');
    await page.getByLabel('I am at school or college, or about to go', { exact: true }).waitFor();
    await visitor.look(`check-life-${way.name}`);
    await choose('I am at school or college, or about to go');
    await page.getByRole('heading', { name: 'What you can get', exact: true }).waitFor();
    assert.match(await page.locator('main').innerText(), /eligible child/);
    assert.match(await page.locator('main').innerText(), /At 18/);
    await visitor.look(`check-answer-${way.name}`);
    await page.getByRole('button', { name: /^Change\s*: How old are you/ }).click();
    await choose('22');
    assert.match(await page.locator('main').innerText(), /former relevant child/);
    assert.deepEqual(await visitor.context.cookies(), []);
    assert.deepEqual(visitor.scripts, []);
    await visitor.close();
  });

  test(`a page is found by my own words, typed wrong too (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/');
    await page.getByLabel('What are you looking for?').fill('skint and counsil tax');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor();
    await visitor.look(`search-${way.name}`);
    await page.locator('main ol').getByRole('link', { name: 'Council tax', exact: true }).first().click();
    await page.waitForURL('**/offer/council-tax');
    await back(page);
    assert.equal(await page.getByLabel('What are you looking for?').inputValue(), 'skint and counsil tax');
    await page.getByLabel('What are you looking for?').fill('i want to die');
    await page.getByLabel('What are you looking for?').press('Enter');
    const call = page.locator('main a[href^="tel:"]').first();
    await call.waitFor();
    assert.ok((await call.boundingBox()).y < (await page.getByLabel('What are you looking for?').boundingBox()).y);
    await visitor.look(`search-now-${way.name}`);
    await page.goto('/search?q=qqqzzz');
    await page.getByRole('link', { name: 'Tell us what is missing' }).waitFor();
    assert.deepEqual(await visitor.context.cookies(), []);
    assert.deepEqual(visitor.scripts, []);
    await visitor.close();
  });

  test(`what I pick is a list in a link (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/offer/money');
    await page.getByRole('link', { name: 'Keep this page on a list' }).click();
    await page.getByRole('heading', { name: 'My list', level: 1 }).waitFor();
    await page.locator('summary', { hasText: 'Money' }).click();
    await page.getByLabel('Setting up home allowance', { exact: true }).check();
    await page.getByRole('button', { name: 'Make my list' }).click();
    await page.waitForURL('**/keep?i=*');
    assert.match(await page.locator('main').innerText(), /£3,000/);
    assert.match(await page.getByRole('link', { name: 'Text the link to yourself' }).getAttribute('href'), /^sms:\?&body=http/);
    await visitor.look(`keep-${way.name}`);
    // The link alone brings it back.
    const link = page.url();
    const other = await browser.visitor(way);
    await other.page.goto(link);
    assert.match(await other.page.locator('main').innerText(), /£3,000/);
    await other.close();
    assert.deepEqual(await visitor.context.cookies(), []);
    await visitor.close();
  });

  test(`a care word opens its meaning where it stands (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await page.goto('/offer/pathway-plan');
    const word = page.locator('button.term').first();
    const meaning = page.locator('.means').first();
    assert.equal(await meaning.isVisible(), false);
    await word.focus();
    await page.keyboard.press('Enter');
    await meaning.waitFor({ state: 'visible' });
    await visitor.look(`word-${way.name}`);
    const box = await meaning.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= page.viewportSize().width, 'cut off');
    await page.keyboard.press('Escape');
    await meaning.waitFor({ state: 'hidden' });
    await visitor.close();
  });
}
