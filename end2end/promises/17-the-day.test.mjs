// A worker's day: who needs them, in how many taps it is done, and what changes by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { AALIYAH, ADVISER, COVER, MANAGER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();
const day = (days) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/London' });

/** Counts what a worker presses, types dates into and chooses; words do not count. */
class Taps {
  #count = 0;
  async press(target) {
    this.#count += 1;
    await target.click();
  }
  async fill(target, value) {
    this.#count += 1;
    await target.fill(value);
  }
  async choose(target, value) {
    this.#count += 1;
    await target.selectOption(value);
  }
  get count() {
    return this.#count;
  }
}

async function presses(page, feel, { call = false, words = '' } = {}) {
  await page.goto('/me');
  await page.getByRole('link', { name: /^Quick check-in/ }).click();
  await page.getByLabel(feel, { exact: true }).check();
  if (call) await page.getByLabel('Please call me').check();
  if (words) await page.getByLabel('Anything you want to say?').fill(words);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.flash').waitFor();
}

for (const way of WAYS) {
  test(`a check-in goes from three taps to the top of the list, and is answered in two (${way.name})`, async () => {
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me/check-in');
    await sam.look(`day-check-in-${way.name}`);
    await sam.page.getByRole('button', { name: 'Send' }).click();
    assert.match(await sam.page.getByRole('alert').innerText(), /Choose how things are/);
    await sam.look(`day-check-in-wrong-${way.name}`);
    await presses(sam.page, 'Hard right now', { call: true, words: `the flat again, ${way.name}` });
    await sam.page.getByRole('heading', { name: 'You can get help right now' }).waitFor();
    await sam.look(`day-checked-in-${way.name}`);

    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work');
    assert.match(await main(page), /Sam\s+Asks to be called, and says that things are hard/);
    await worker.look(`day-today-${way.name}`);
    const taps = new Taps();
    await taps.press(page.getByRole('link', { name: /^Sam/ }));
    const looked = page.getByRole('button', { name: 'I have looked at this' });
    if (await looked.count()) await looked.click();
    await page.getByLabel('Answer Sam').fill('I am calling you now.');
    await taps.press(page.getByRole('button', { name: 'Send', exact: true }));
    await page.locator('.flash').waitFor();
    assert.ok(taps.count <= 3, `${taps.count} taps`);
    await page.goto('/work');
    assert.doesNotMatch(await main(page), /Asks to be called/);
    sam.clean();
    worker.clean();
    await sam.close();
    await worker.close();
  });

  test(`a call, a visit and a new home are written down in a few taps (${way.name})`, async () => {
    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work/people');
    await worker.look(`day-people-${way.name}`);
    await page.getByRole('link', { name: 'Safety flag' }).click();
    assert.match(await main(page), /Nobody is like that/);
    await page.goto('/work');
    const taps = new Taps();
    await taps.press(page.getByRole('link', { name: 'People', exact: true }));
    await taps.press(page.getByRole('link', { name: /^Aaliyah/ }));
    await worker.look(`day-person-${way.name}`);
    await taps.press(page.getByRole('link', { name: 'We spoke by phone' }));
    await taps.press(page.getByRole('button', { name: 'Save' }));
    await page.locator('.flash').waitFor();
    assert.ok(taps.count <= 4, `${taps.count} taps`);
    assert.match(await main(page), /Aaliyah and Priya Nair spoke by phone/);

    const person = page.url().replace('/messages', '');
    await page.goto(`${person}/home`);
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Choose what it is[^]*Say whether the council provides it/);
    await worker.look(`day-home-wrong-${way.name}`);
    await page.getByLabel('Supported housing').check();
    await page.getByRole('group', { name: 'Does the council provide it?' }).getByLabel('Yes').check();
    await page.getByRole('group', { name: 'Is it suitable?' }).getByLabel('Yes').check();
    await page.getByLabel('Since which day?').fill(day(0));
    await page.getByLabel('More about it').fill('12 Example Street');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.flash').waitFor();
    assert.match(await main(page), /(First visit in the new home|Visit) by [^]*Care Leavers \(England\) Regulations 2010/);
    await page.getByText('What held before and holds now').click();
    await worker.look(`day-person-home-${way.name}`);
    await page.getByRole('link', { name: 'I visited them at home' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.goto(person);
    assert.match(await main(page), /^Visit by/m);
    assert.doesNotMatch(await main(page), /First visit/);
    await page.getByRole('link', { name: 'Change how often you ask and speak' }).click();
    await page.getByLabel('How often do you ask for a check-in?').selectOption('14');
    await page.getByLabel('How often do you speak or meet?').selectOption('4');
    await worker.look(`day-rhythm-${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await main(page), /at least every 4 weeks, as agreed[^]*asked for every 14 days/);
    worker.clean();
    await worker.close();
  });

  test(`something from the offer is in the thread in two taps (${way.name})`, async () => {
    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work/people');
    await page.getByRole('link', { name: /^Aaliyah/ }).click();
    await page.getByRole('link', { name: /^Messages/ }).click();
    const taps = new Taps();
    await taps.press(page.getByRole('link', { name: 'Send something from the offer, or a drop-in' }));
    await worker.look(`day-share-${way.name}`);
    await taps.press(page.getByRole('button', { name: /Setting up home allowance$/ }));
    await page.locator('.flash').waitFor();
    assert.equal(taps.count, 2);
    await page.locator('.thread a[href="/entitlements#setting-up-home"]').last().waitFor();
    await worker.look(`day-shared-${way.name}`);
    worker.clean();
    await worker.close();
  });
}

test('away with a cover takes five taps, and the desk and the manager see it', async () => {
  const worker = await browser.visitor();
  await signIn(worker.page, ADVISER);
  await worker.page.goto('/work');
  const taps = new Taps();
  await taps.press(worker.page.getByRole('link', { name: 'When I am away, who covers, and when I work' }));
  await taps.fill(worker.page.getByLabel('First day'), day(40));
  await taps.fill(worker.page.getByLabel('Last day'), day(41));
  await taps.choose(worker.page.getByLabel('Who covers?'), { label: 'Owen Parry' });
  await taps.press(worker.page.getByRole('button', { name: 'Save' }).first());
  await worker.page.locator('.flash').waitFor();
  assert.ok(taps.count <= 5, `${taps.count} taps`);
  await worker.close();

  const desk = await browser.visitor({ size: DESK });
  await signIn(desk.page, COVER);
  await desk.page.goto('/work');
  await desk.page.getByRole('link', { name: /^The duty desk/ }).click();
  assert.match(await main(desk.page), /Everybody has a worker/);
  await desk.look('day-desk');
  await desk.close();

  for (const size of [undefined, DESK]) {
    const manager = await browser.visitor({ size });
    await signIn(manager.page, MANAGER);
    await manager.page.goto('/work');
    await manager.page.getByRole('link', { name: 'How your teams are doing' }).click();
    assert.match(await main(manager.page), /Priya Nair/);
    await manager.look(`day-team-${size ? 'desk' : 'phone'}`);
    await manager.close();
  }
});

test('the list changes in place while it is looked at, and nothing jumps', async () => {
  const worker = await browser.visitor();
  const { page } = worker;
  await signIn(page, ADVISER);
  await page.goto('/work');
  const top = () => page.locator('.queue li').first().evaluate((row) => [row.id, Math.round(row.getBoundingClientRect().top)]);
  const aaliyah = await browser.visitor();
  await signIn(aaliyah.page, AALIYAH);
  await presses(aaliyah.page, 'Okay', { call: true });
  const row = page.locator('.queue li', { hasText: 'Aaliyah' });
  await row.getByText('Asks to be called').waitFor({ timeout: 40_000 });
  const before = await top();
  await presses(aaliyah.page, 'Hard right now');
  await row.getByText('says that things are hard').waitFor({ timeout: 40_000 });
  assert.deepEqual(await top(), before, 'what stood first stands there still');
  await worker.look('day-live');
  worker.clean();
  await aaliyah.close();
  await worker.close();
});

test('danger is told over the page to whoever looks at the list, also on the row that they are on', async () => {
  const worker = await browser.visitor();
  const { page } = worker;
  await signIn(page, ADVISER);
  const aaliyah = await browser.visitor();
  await signIn(aaliyah.page, AALIYAH);
  await presses(aaliyah.page, 'Okay', { call: true });
  await page.goto('/work');
  const row = page.locator('.queue li', { hasText: 'Aaliyah' });
  const later = row.getByRole('link', { name: /^Later/ });
  await later.focus();
  const at = () => later.evaluate((link) => Math.round(link.getBoundingClientRect().top));
  const before = await at();
  await aaliyah.page.goto('/me/messages');
  await aaliyah.page.locator('#body').fill('i want to kill myself tonight');
  await aaliyah.page.getByRole('button', { name: 'Send' }).click();
  await aaliyah.page.locator('.flash').waitFor();
  const alarm = page.getByRole('alert').getByRole('link', { name: 'Aaliyah may be in danger: show the row' });
  await alarm.waitFor({ timeout: 40_000 });
  assert.match(await row.innerText(), /[Dd]anger/);
  assert.ok(await later.evaluate((link) => link === document.activeElement), 'the focus stays');
  assert.ok(Math.abs((await at()) - before) <= 1, 'nothing moves');
  await worker.look('day-danger');
  await alarm.click();
  assert.match(page.url(), /#p-/);
  // It ends when somebody has looked.
  const other = await browser.visitor();
  await signIn(other.page, ADVISER);
  await other.page.goto(await row.getByRole('link', { name: /^About/ }).getAttribute('href'));
  await other.page.getByRole('link', { name: /^Messages/ }).click();
  await other.page.getByRole('button', { name: 'I have looked at this' }).click();
  await alarm.waitFor({ state: 'detached', timeout: 40_000 });
  await other.close();
  worker.clean();
  await aaliyah.close();
  await worker.close();
});

test('who was put off comes up into the list of today when their words may mean danger', async () => {
  const [worker, other, aaliyah] = [await browser.visitor(), await browser.visitor(), await browser.visitor()];
  await signIn(other.page, ADVISER);
  await other.page.goto('/work');
  await other.page.locator('.queue li', { hasText: 'Aaliyah' }).getByRole('link', { name: /^Later/ }).click();
  await other.page.getByLabel(/^Put off to which day/).fill(day(1));
  await other.page.getByRole('button', { name: 'Save' }).click();
  await other.page.waitForURL(/\/work$/);
  const { page } = worker;
  await signIn(page, ADVISER);
  await page.goto('/work');
  const row = page.locator('.queue li', { hasText: 'Aaliyah' });
  const [today, aside] = [page.locator('.queue[data-live]'), page.locator('.queue:not([data-live])')];
  assert.equal(await aside.locator('li', { hasText: 'Aaliyah' }).count(), 1);
  await signIn(aaliyah.page, AALIYAH);
  await aaliyah.page.goto('/me/messages');
  await aaliyah.page.locator('#body').fill('i want to kill myself tonight');
  await aaliyah.page.getByRole('button', { name: 'Send' }).click();
  await aaliyah.page.locator('.flash').waitFor();
  await today.locator('li', { hasText: 'Aaliyah' }).waitFor({ timeout: 40_000 });
  assert.equal(await row.count(), 1, 'one row');
  assert.match(await row.innerText(), /[Dd]anger/);
  await page.getByRole('alert').getByRole('link', { name: 'Aaliyah may be in danger: show the row' }).waitFor();
  await worker.look('day-comes-up');
  await page.goto(`${await row.getByRole('link', { name: /^About/ }).getAttribute('href')}/messages`);
  await page.getByRole('button', { name: 'I have looked at this' }).click();
  for (const visitor of [worker, other, aaliyah]) {
    visitor.clean();
    await visitor.close();
  }
});

test('the day can be done by keyboard alone', async () => {
  const visitor = await browser.visitor({ size: DESK });
  const { page } = visitor;
  await signIn(page, ADVISER);
  await page.goto('/work');
  const reach = async (words) => {
    for (let n = 0; n < 60; n += 1) {
      await page.keyboard.press('Tab');
      const says = await page.evaluate(() => document.activeElement.innerText ?? '');
      if (words.test(says)) return;
    }
    assert.fail(`${page.url()}: never reached ${words}`);
  };
  await reach(/^People$/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/people/);
  await reach(/^Sam/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Sam' }).waitFor();
  await reach(/We met/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/spoke/);
  await reach(/^Save$/);
  await page.keyboard.press('Enter');
  await page.locator('.flash').waitFor();
  assert.match(await main(page), /Sam and Priya Nair met/);
  await visitor.close();
});

for (const way of WAYS) {
  test(`a template is filled in, looked at, and sent later or to many (${way.name})`, async () => {
    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work');
    await page.getByRole('link', { name: 'Your templates' }).click();
    await worker.look(`day-templates-${way.name}`);
    await page.goto('/work/people');
    await page.getByRole('link', { name: /^Sam/ }).click();
    await page.getByRole('link', { name: /^Messages/ }).click();
    await page.getByRole('link', { name: 'Use a template, or send later' }).click();
    await worker.look(`day-prepare-${way.name}`);
    await page.locator('textarea').fill(`Hello {name}, see you soon. {me}, ${way.name}`);
    await page.locator('input[type=date]').fill(day(20));
    await page.locator('input[type=time]').fill('23:15');
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await main(page), new RegExp(`Hello Sam, see you soon\\. Priya Nair, ${way.name}`));
    assert.match(await main(page), /night/);
    await worker.look(`day-preview-${way.name}`);
    await page.getByRole('button', { name: /^Send on/ }).click();
    await page.locator('.flash').waitFor();
    await page.goto('/work/planned');
    assert.match(await main(page), new RegExp(`Hello Sam, see you soon\\. Priya Nair, ${way.name}`));
    await worker.look(`day-planned-${way.name}`);
    await page.getByRole('button', { name: /^Cancel/ }).first().click();
    assert.match(await page.locator('.flash').innerText(), /It is not sent/);

    await page.goto('/work/many');
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await page.getByRole('alert').innerText(), /There is a problem/);
    await worker.look(`day-many-wrong-${way.name}`);
    for (const box of await page.locator('main input[type=checkbox]').all()) await box.check();
    await page.getByLabel('Begin with a template').selectOption({ label: 'Checking in' });
    await page.getByRole('button', { name: 'Put it in the box' }).click();
    assert.match(await page.locator('textarea').inputValue(), /^Hi \{name\},/);
    for (const box of await page.locator('main input[type=checkbox]').all()) assert.ok(await box.isChecked());
    await worker.look(`day-many-${way.name}`);
    await page.locator('textarea').fill(`Hi {name}, greetings from Sam, ${way.name}`);
    await page.getByRole('button', { name: 'Preview' }).click();
    assert.match(await main(page), new RegExp(`Hi Aaliyah, greetings from Sam, ${way.name}`));
    await worker.look(`day-many-preview-${way.name}`);
    worker.clean();
    await worker.close();
  });
}
