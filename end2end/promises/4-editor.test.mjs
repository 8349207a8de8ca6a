// An editor changes a page, closes one session and confirms another, on a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';
import { EDITOR, signIn } from '../lib/people.mjs';

const list = async () => (await fetch(`${portal.origin}/drop-ins.json`)).json();
/** What a reader gets at this moment, past every cache. */
const read = async (path) => (await fetch(portal.origin + path, { cache: 'no-store' })).text();

for (const script of [true, false]) {
  const way = script ? 'phone' : 'phone-no-script';

  test(`what people told us is read, urgent first, and looked after (${way})`, async () => {
    const anyone = await browser.visitor({ size: PHONE, script });
    for (const [about, words] of [['page.health', 'The number of the nurse is missing'], ['page.homelessness', 'I have nowhere to sleep']]) {
      await anyone.page.goto(`/feedback?about=${about}`);
      await anyone.page.getByLabel('What is wrong, or missing?').fill(`${words} (${way})`);
      await anyone.page.getByRole('button', { name: 'Send' }).click();
    }
    await anyone.close();
    const visitor = await browser.visitor({ size: PHONE, script });
    const { page } = visitor;
    await signIn(page, EDITOR);
    await page.locator('main').getByRole('link', { name: /^What people told us/ }).click();
    await page.waitForURL('**/edit/feedback');
    const words = await page.locator('main').innerText();
    assert.ok(words.indexOf(`nowhere to sleep (${way})`) < words.indexOf(`nurse is missing (${way})`), 'urgent first');
    await visitor.look(`edit-feedback-${way}`);
    await page.goto('/edit/page/health');
    await visitor.look(`edit-page-feedback-${way}`);
    const told = page.locator('article', { hasText: `nurse is missing (${way})` });
    await told.getByLabel(/^Note for staff/).fill('I ask the health team');
    await told.getByRole('button', { name: /^I have seen it/ }).click();
    await page.waitForURL('**/edit/feedback');
    assert.match(await page.locator('main').innerText(), /I ask the health team/);
    for (const text of ['nurse is missing', 'nowhere to sleep']) {
      const one = page.locator('article', { hasText: `${text} (${way})` });
      await one.getByRole('button', { name: /^Done/ }).click();
      await page.waitForURL('**/edit/feedback');
    }
    assert.doesNotMatch(await page.locator('main').innerText(), new RegExp(`\\(${way}\\)`));
    await page.getByRole('link', { name: /^Done/ }).click();
    assert.match(await page.locator('main').innerText(), /Done by/);
    await visitor.look(`edit-feedback-done-${way}`);
    visitor.clean();
    await visitor.close();
  });

  test(`a page is changed, looked at, published and restored (${way})`, async () => {
    const visitor = await browser.visitor({ size: PHONE, script });
    const { page } = visitor;
    await signIn(page, EDITOR);
    assert.equal(new URL(page.url()).pathname, '/edit');
    await visitor.look(`edit-${way}`);
    await page.locator('main').getByRole('link', { name: /^Taking part/ }).click();
    await visitor.look(`edit-page-${way}`);
    const box = page.getByLabel('Text of the page');
    const note = page.getByLabel('What did you change, and why?');
    const was = await box.inputValue();
    const words = `Come and talk to us about it (${way}).`;
    assert.match(was, /^\+\+\+\n/);

    // A bare amount is not published; the editor is told where and why, and keeps the text.
    const bare = `${was.trimEnd()}\n\nYou can get £250 for it.\n`;
    await box.fill(bare);
    await note.fill('An amount');
    await page.getByRole('button', { name: 'Publish' }).click();
    assert.match(await page.title(), /^Error: /);
    const line = bare.split('\n').findIndex((text) => text.includes('£250')) + 1;
    const fault = await page.locator('.fault.error').first().innerText();
    assert.match(fault, new RegExp(`\\b${line}\\b`), 'the line');
    assert.match(fault, /amount/i, 'the reason');
    assert.match(await box.inputValue(), /You can get £250 for it\./);
    assert.equal(await note.inputValue(), 'An amount');
    assert.doesNotMatch(await read('/offer/taking-part'), /£250/);
    await visitor.look(`edit-page-refused-${way}`);

    // Looked at first: nothing is published by that.
    await box.fill(`${was.trimEnd()}\n\n${words}\n`);
    await note.fill('Says that we want to talk');
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await page.getByRole('region', { name: 'Preview' }).innerText(), new RegExp(words.replace(/[()]/g, '\\$&')));
    assert.equal((await read('/offer/taking-part')).includes(words), false);
    await visitor.look(`edit-page-preview-${way}`);

    await page.getByRole('button', { name: 'Publish' }).click();
    const why = page.getByLabel('Why publish it with these warnings?');
    if ((await page.locator('.flash').count()) === 0 && (await why.count())) {
      await why.fill('Shown in a test');
      await page.getByRole('button', { name: 'Publish' }).click();
    }
    assert.match(await page.locator('.flash').innerText(), /Published\. The public page shows it now\./);
    assert.ok((await read('/offer/taking-part')).includes(words), 'the public page shows it at once');
    await visitor.look(`edit-page-published-${way}`);

    await page.locator('.editions').getByRole('link', { name: /^Look at it.*Release edition/ }).click();
    await visitor.look(`edit-old-edition-${way}`);
    await page.getByRole('button', { name: 'Restore this edition' }).click();
    assert.match(await page.locator('.flash').innerText(), /Restored/);
    assert.equal((await read('/offer/taking-part')).includes(words), false);
    assert.equal(await box.inputValue(), was);
    visitor.clean();
    await visitor.close();
  });
}

test('one session is closed with a reason, another confirmed: page and list follow at once', async () => {
  const visitor = await browser.visitor({ size: PHONE, script: false });
  const { page } = visitor;
  await signIn(page, EDITOR);
  await page.locator('main').getByRole('link', { name: /^Drop-ins/ }).click();
  await visitor.look('edit-drop-ins-phone');
  const before = await list();
  // Not the first date: that one may end while this runs.
  const target = before.filter((one) => one.session === 'demo-north')[2];
  const on = target.start.slice(0, 10);
  assert.equal(target.status, 'on');

  await page.locator(`a[href*="session=demo-north"][href*="on=${on}"]`).click();
  assert.equal(await page.getByLabel('First day').inputValue(), on);
  await page.getByRole('button', { name: 'Publish' }).click();
  assert.match(await page.title(), /^Error: /);
  await visitor.look('edit-change-wrong-phone');
  const why = `Staff training & <i>tea</i>`;
  await page.getByLabel('Closed').check();
  await page.getByLabel('Why?').fill(why);
  await page.getByRole('button', { name: 'Preview' }).click();
  assert.match(await page.locator('main').innerText(), /How the next weeks will read/);
  assert.deepEqual(await list(), before, 'nothing is closed by looking');
  await visitor.look('edit-change-preview-phone');
  await page.getByRole('button', { name: 'Publish' }).click();
  assert.match(await page.locator('.flash').innerText(), /Saved\. The public pages show it as closed now\./);
  await visitor.look('edit-drop-ins-closed-phone');

  const after = await list();
  const changed = after.filter((one) => one.status !== before.find((other) => other.id === one.id)?.status);
  assert.deepEqual(changed.map(({ id, status, reason }) => ({ id, status, reason })), [{ id: target.id, status: 'closed', reason: why }]);
  await page.goto(`/drop-ins/place/${target.place}`);
  const closed = page.locator('.times .closed');
  assert.equal(await closed.count(), 1);
  assert.match(await closed.innerText(), /Closed/);
  assert.ok((await closed.innerText()).includes(why));
  await visitor.look('place-closed-phone');

  // Confirming another.
  await page.goto('/edit/drop-ins');
  assert.ok((await list()).filter((one) => one.session === 'demo-east').every((one) => one.certainty === 'not-confirmed'));
  await page.locator('a[href="/edit/drop-ins/confirm?session=demo-east"]').click();
  await page.getByRole('button', { name: 'Confirm' }).click();
  assert.match(await page.title(), /^Error: /);
  await visitor.look('edit-confirm-wrong-phone');
  await page.getByLabel('I have checked this with the people who run it').check();
  await page.getByRole('button', { name: 'Confirm' }).click();
  assert.match(await page.locator('.flash').innerText(), /Confirmed/);
  assert.ok((await list()).filter((one) => one.session === 'demo-east').every((one) => one.certainty === 'confirmed'));
  assert.match(await read('/drop-ins/place/the-zone-burnley'), /Confirmed by/);

  // And undone.
  await page.goto('/edit/drop-ins');
  await page.getByRole('button', { name: /^Undo/ }).click();
  assert.match(await page.locator('.flash').innerText(), /Undone\. The public pages show it as before now\./);
  assert.equal((await list()).find((one) => one.id === target.id).status, 'on');
  visitor.clean();
  await visitor.close();
});

for (const script of [true, false]) {
  test(`today's session is moved to other times in six taps, seen by all, and undone (${script ? 'phone' : 'phone-no-script'})`, async () => {
    const visitor = await browser.visitor({ size: PHONE, script });
    const { page } = visitor;
    await signIn(page, EDITOR);
    let taps = 0;
    const tap = async (what) => {
      taps += 1;
      await what.click();
    };
    await tap(page.locator('main').getByRole('link', { name: /^Drop-ins/ }));
    const target = (await list()).filter((one) => one.session === 'demo-central')[1];
    const on = target.start.slice(0, 10);
    await tap(page.locator(`a[href*="session=demo-central"][href*="on=${on}"]`));
    await tap(page.getByText('Other times', { exact: true }));
    await page.getByLabel('From', { exact: true }).fill('half past');
    await page.getByLabel('To', { exact: true }).first().fill('8.15pm');
    await page.getByLabel('Why?').fill('Late bus');
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getByLabel('From', { exact: true }).inputValue(), 'half past');
    assert.equal(await page.getByLabel('To', { exact: true }).first().inputValue(), '8.15pm');
    await page.getByLabel('From', { exact: true }).fill('6.45pm');
    await tap(page.getByRole('button', { name: 'Preview' }));
    assert.match(await page.locator('main').innerText(), /What changes[^]*6\.45pm to 8\.15pm[^]*Different times[^]*Late bus/);
    await visitor.look(`edit-change-hours-${script ? 'phone' : 'phone-no-script'}`);
    await tap(page.getByRole('button', { name: 'Publish' }));
    assert.ok(taps <= 6, `${taps} taps`);
    assert.match(await page.locator('.flash').innerText(), /Saved\. The public pages show it now\./);
    const now = (await list()).find((one) => one.id === target.id);
    assert.equal(now.status, 'other-hours');
    assert.match(now.start, /T18:45/);
    assert.match(await read(`/drop-ins/place/${target.place}`), /6\.45pm to 8\.15pm/);
    await page.getByRole('button', { name: /^Undo/ }).click();
    assert.deepEqual((await list()).find((one) => one.id === target.id), target);
    visitor.clean();
    await visitor.close();
  });
}

test('help lines are confirmed many at once, and the reader follows', async () => {
  const visitor = await browser.visitor({ size: PHONE, script: false });
  const { page } = visitor;
  await signIn(page, EDITOR);
  await page.locator('main').getByRole('link', { name: /^Confirm help lines/ }).click();
  await visitor.look('edit-confirm-lines-phone');
  await page.getByRole('button', { name: 'Confirm these' }).click();
  assert.match(await page.title(), /^Error: /);
  assert.match(await page.getByRole('alert').innerText(), /Tick each one/);
  await visitor.look('edit-confirm-lines-wrong-phone');
  for (const name of [/^Samaritans/, /^Shout/]) await page.getByLabel(name).check();
  await page.getByLabel(/^How did you check/).fill('Rang them');
  await page.getByRole('button', { name: 'Confirm these' }).click();
  assert.match(await page.locator('.flash').innerText(), /Confirmed/);
  assert.equal(await page.locator('.choice', { hasText: 'Confirmed by the leaving care service' }).count(), 2);
  visitor.clean();
  await visitor.close();
});

test('two editors of one page: the second is told and keeps the text', async () => {
  const [one, two] = [await browser.visitor({ script: false }), await browser.visitor({ script: false })];
  for (const visitor of [one, two]) {
    await signIn(visitor.page, EDITOR);
    await visitor.page.goto('/edit/page/health');
  }
  for (const [visitor, words] of [[one, 'First of two.'], [two, 'Second of two.']]) {
    const box = visitor.page.getByLabel('Text of the page');
    await box.fill(`${(await box.inputValue()).trimEnd()}\n\n${words}\n`);
    await visitor.page.getByLabel('What did you change, and why?').fill(words);
    await visitor.page.getByRole('button', { name: 'Publish' }).click();
    const why = visitor.page.getByLabel('Why publish it with these warnings?');
    if (visitor === one && (await why.count())) {
      await why.fill('Shown in a test');
      await visitor.page.getByRole('button', { name: 'Publish' }).click();
    }
    if (visitor === two && (await why.count()) && !(await visitor.page.getByText('Both texts are below').count())) {
      await why.fill('Shown in a test');
      await visitor.page.getByRole('button', { name: 'Publish' }).click();
    }
  }
  assert.match(await one.page.locator('.flash').innerText(), /Published/);
  assert.match(await two.page.getByRole('alert').innerText(), /was published while you were writing/);
  assert.match(await two.page.getByLabel('Text of the page').inputValue(), /Second of two\./);
  assert.match(await two.page.getByLabel('What was published meanwhile').inputValue(), /First of two\./);
  assert.doesNotMatch(await read('/offer/health'), /Second of two/);
  await two.look('edit-page-overtaken-phone');
  for (const visitor of [one, two]) await visitor.close();
});
