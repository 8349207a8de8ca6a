// Appointments and letters, from a worker's form to a young person's phone, with and without script.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { ADVISER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();

/** The next Wednesday after so many days: no bank holiday falls on one but Christmas, Boxing Day and New Year. */
function wednesday(days) {
  const day = new Date(Date.now() + days * 86_400_000);
  while (day.getUTCDay() !== 3 || /-(12-2[56]|01-01)/.test(day.toISOString())) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

async function fill(page, what, day, time) {
  await page.getByLabel('What is it?').fill(what);
  await page.getByLabel('Which day?').fill(day);
  await page.getByLabel('From when?').fill(time);
  await page.getByLabel('How long?').selectOption('45');
}

WAYS.forEach((way, n) => {
  test(`an appointment is made, seen, answered and moved (${way.name})`, async () => {
    const worker = await browser.visitor(way);
    const { page } = worker;
    const [what, day] = [`Talk about college, ${way.name}`, wednesday(10 + 14 * n)];
    await signIn(page, ADVISER);
    await page.goto('/work/people');
    await page.getByRole('link', { name: /^Sam/ }).click();
    await page.getByRole('link', { name: /^Appointments/ }).click();
    await worker.look(`appointments-theirs-${way.name}`);
    await page.getByRole('link', { name: 'Make an appointment' }).click();
    await worker.look(`appointments-new-${way.name}`);
    await fill(page, what, day, '06:30');
    await page.getByLabel('Where?').fill('The library');
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('alert').innerText(), /before 8am or after 9pm\. If that is right, save once more/);
    assert.equal(await page.getByLabel('Where?').inputValue(), 'The library');
    await worker.look(`appointments-doubt-${way.name}`);
    await page.getByLabel('From when?').fill('14:30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.flash').waitFor();
    assert.match(await main(page), new RegExp(`2\\.30pm to 3\\.15pm: ${what}`));

    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me');
    await sam.page.getByRole('link', { name: /^My appointments/ }).click();
    await sam.look(`appointments-mine-${way.name}`);
    const row = sam.page.locator('li.place', { hasText: what });
    assert.match(await row.innerText(), /Where\s+The library/);
    await row.getByRole('link', { name: /^I can't make it/ }).click();
    await sam.look(`appointments-one-${way.name}`);
    await sam.page.getByLabel('Why, if you want to say').fill('I have an exam.');
    await sam.page.getByRole('button', { name: "I can't make it" }).click();
    await sam.page.locator('.flash').waitFor();
    assert.match(await row.innerText(), /You said that you can't make it/);

    await page.goto('/work');
    await page.getByRole('link', { name: /^Sam can't make an appointment/ }).click();
    const theirs = page.locator('li.place', { hasText: what });
    assert.match(await theirs.innerText(), /Sam can't make it\. “I have an exam\.”/);
    await theirs.getByRole('link', { name: /^Change or cancel/ }).click();
    await worker.look(`appointments-change-${way.name}`);
    await page.getByLabel('From when?').fill('15:30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.flash').waitFor();
    assert.match(await main(page), new RegExp(`3\\.30pm to 4\\.15pm: ${what}`));
    assert.doesNotMatch(await theirs.innerText(), /can't make it/);
    sam.clean();
    worker.clean();
    await sam.close();
    await worker.close();
  });

  test(`a calendar gets a private address, which is shown once and taken back (${way.name})`, async () => {
    const sam = await browser.visitor(way);
    const { page } = sam;
    await signIn(page, SAM);
    await page.goto('/me/appointments/calendar');
    await sam.look(`appointments-calendar-${way.name}`);
    await page.getByRole('button', { name: /make an address|Make a new address/ }).click();
    const address = await page.locator('.secret').innerText();
    assert.match(address, /\/calendar\/[0-9a-f]{64}\.ics$/);
    await sam.look(`appointments-address-${way.name}`);
    const read = () => page.request.get(address.slice(address.indexOf('/calendar/')));
    assert.match(await (await read()).text(), /^BEGIN:VCALENDAR/);
    await page.getByRole('link', { name: 'I have copied it' }).click();
    assert.ok(!(await page.content()).includes(address));
    await page.getByRole('button', { name: 'Take the address back' }).click();
    await page.locator('.flash').waitFor();
    assert.equal((await read()).status(), 404);
    sam.clean();
    await sam.close();
  });

  test(`a letter is asked for in two taps, approved, and goes on paper alone (${way.name})`, async () => {
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await sam.page.goto('/me');
    await sam.page.getByRole('link', { name: /^Letter/ }).click();
    await sam.look(`letter-ask-${way.name}`);
    await sam.page.getByRole('button', { name: /^Ask for a/ }).click();
    await sam.page.locator('.flash').waitFor();
    await sam.look(`letter-asked-${way.name}`);

    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.goto('/work');
    await page.getByRole('link', { name: 'Sam asks for a letter' }).click();
    await worker.look(`letter-decide-${way.name}`);
    await page.getByRole('button', { name: 'No, do not approve it' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Say why/);
    await page.getByRole('button', { name: 'Yes, approve it' }).click();
    await page.locator('.flash').waitFor();
    await worker.look(`letter-decided-${way.name}`);

    await sam.page.goto('/me/letter');
    await sam.page.getByRole('link', { name: /^Open it/ }).click();
    await sam.look(`letter-${way.name}`);
    await sam.page.getByLabel('Who do you show it to?').fill('My training provider');
    await sam.page.getByRole('button', { name: 'Write it down' }).click();
    await sam.page.locator('.flash').waitFor();
    await sam.page.emulateMedia({ media: 'print' });
    const shown = await sam.page.evaluate(() => document.body.innerText);
    assert.match(shown, /Confirmation of care leaver status[^]*For: My training provider[^]*is a care leaver/);
    assert.doesNotMatch(shown, /Get help now|Sign out|Who do you show it to|Exit this page/);
    sam.clean();
    worker.clean();
    await sam.close();
    await worker.close();
  });
});
