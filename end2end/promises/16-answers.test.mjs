// Messages that get answered: what is told before, what is kept, who stands in, and what is done besides an answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, PHONE, WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { AALIYAH, ADVISER, COVER, MANAGER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();
const day = (days) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/London' });

for (const way of WAYS) {
  test(`who reads and by when stands before the box, and with the message (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await signIn(page, SAM);
    await page.goto('/me/messages');
    const told = await page.locator('main .lead').last().innerText();
    assert.match(told, /^Priya Nair, your personal adviser, reads your messages and usually answers by .+\.$/);
    assert.match(await main(page), /In danger, or nowhere to sleep tonight\?/);
    await visitor.look(`answers-before-${way.name}`);
    await page.getByLabel('Write to Priya Nair').fill(`hello from ${way.name}`);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.flash').waitFor();
    assert.ok((await page.locator('.thread .mine').last().innerText()).includes(told));
    // Words that may mean danger bring help before anything else, and are saved as any other.
    await page.getByLabel('Write to Priya Nair').fill('i cant do this anymore i want to die');
    await page.getByRole('button', { name: 'Send' }).click();
    assert.match(await page.locator('.flash').innerText(), /at the top of the list/);
    await page.getByRole('heading', { name: 'You can get help right now' }).waitFor();
    assert.match(await page.locator('.thread .mine').last().innerText(), /i want to die[^]*Saved/);
    await visitor.look(`answers-danger-${way.name}`);
    for (const path of ['/me/messages/search', '/me/messages/hide', '/me/messages/print']) {
      await page.goto(path);
      await visitor.look(`answers${path.replaceAll('/', '-')}-${way.name}`);
    }
    await page.goto('/me/messages/search');
    await page.getByLabel('Which words?').fill(`FROM ${way.name}`);
    await page.getByRole('button', { name: 'Search' }).click();
    assert.match(await main(page), /1 message has/);
    await visitor.look(`answers-found-${way.name}`);
    visitor.clean();
    await visitor.close();
  });

  test(`what is typed and not sent is there again (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    await signIn(page, AALIYAH);
    await page.goto('/me/messages');
    const box = page.getByLabel('Write to Priya Nair');
    await box.fill('half a sentence for');
    if (way.script === false) {
      await page.getByRole('button', { name: 'Keep for later' }).click();
      assert.match(await page.locator('.flash').innerText(), /Kept, and not sent/);
    } else {
      await page.getByText('Kept as a draft.').waitFor();
      // Left in the middle of a word: kept on the way out.
      await box.fill('half a sentence for Priya');
      await page.goto('/me');
    }
    await page.goto('/me/messages');
    assert.match(await box.inputValue(), /^half a sentence for/);
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.flash').waitFor();
    await page.reload();
    assert.equal(await box.inputValue(), '', 'sent, it is not there again');
    visitor.clean();
    await visitor.close();
  });
}

test('offline, nothing is lost; back online, it is sent once', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, AALIYAH);
  await page.goto('/me/messages');
  const box = page.getByLabel('Write to Priya Nair');
  await visitor.context.setOffline(true);
  await box.fill('written on the bus');
  visitor.leaving = true;
  await page.getByRole('button', { name: 'Send' }).click().catch(() => {});
  await visitor.context.setOffline(false);
  await page.goBack().catch(() => {});
  await page.goto('/me/messages');
  await box.fill('written on the bus');
  // Two tabs with one form, a second press, and Back.
  const other = await visitor.context.newPage();
  await other.goto('/me/messages');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.flash').waitFor();
  await page.goBack();
  await page.goForward();
  await page.reload();
  assert.equal(await page.locator('.thread .mine', { hasText: 'written on the bus' }).count(), 1);
  await other.getByLabel('Write to Priya Nair').fill('from the other tab');
  await other.getByRole('button', { name: 'Send' }).click();
  await other.locator('.flash').waitFor();
  assert.equal(await other.locator('.thread .mine', { hasText: 'from the other tab' }).count(), 1);
  await visitor.close();
});

for (const way of WAYS) {
  test(`a worker promises, notes, writes down a talk and puts off (${way.name})`, async () => {
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await page.getByRole('link', { name: /^Sam/ }).first().click();
    assert.match(await main(page), /Messages with Sam/);
    await worker.look(`answers-thread-${way.name}`);
    const looked = page.getByRole('button', { name: 'I have looked at this' });
    if (await looked.count()) await looked.click();
    const thread = page.url().replace(/[?#].*/, '');
    await page.getByRole('link', { name: 'Say what you will do, and by when' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('alert').innerText(), /There is a problem/);
    await worker.look(`answers-promise-wrong-${way.name}`);
    await page.getByLabel('What will you do?').fill(`ask about the bus pass, ${way.name}`);
    await page.getByLabel('By which day?').fill(day(3));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.flash').waitFor();
    await sam.page.goto('/me/messages');
    assert.match(await main(sam.page), /Priya Nair will do this by/);
    await sam.look(`answers-promised-${way.name}`);
    await page.getByRole('link', { name: 'Note for other workers' }).click();
    await page.getByLabel('Note', { exact: true }).fill('an aside for colleagues');
    await worker.look(`answers-note-${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await main(page), /an aside for colleagues/);
    await page.goto(`${thread}/spoke`);
    await page.getByLabel('By phone').check();
    await page.getByLabel('What did you agree?').fill('we meet on Friday');
    await worker.look(`answers-spoke-${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await sam.page.goto('/me/messages');
    assert.match(await main(sam.page), /You and Priya Nair spoke by phone[^]*we meet on Friday/);
    assert.doesNotMatch(await main(sam.page), /aside for colleagues/);
    await page.goto(`${thread}/later`);
    await page.getByLabel('Mark as unread').check();
    await page.getByLabel(/^Follow up on which day/).fill(day(5));
    await worker.look(`answers-later-${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await main(page), /Sam[^]*Marked as unread · follow up on/);
    await worker.look(`answers-queue-${way.name}`);
    await sam.close();
    await worker.close();
  });
}

test('a worker is away, the cover answers, and it is taken back', async () => {
  const [sam, priya, owen] = [await browser.visitor(), await browser.visitor({ size: PHONE }), await browser.visitor({ size: DESK })];
  await signIn(sam.page, SAM);
  await signIn(priya.page, ADVISER);
  await priya.page.getByRole('link', { name: 'When I am away, who covers, and when I work' }).click();
  await priya.look('answers-away');
  await priya.page.getByLabel('First day').fill(day(0));
  await priya.page.getByLabel('Last day').fill(day(2));
  await priya.page.getByLabel('Who covers?').selectOption({ label: 'Owen Parry' });
  await priya.page.getByRole('button', { name: 'Save' }).click();
  await priya.page.locator('.flash').waitFor();
  await priya.look('answers-away-set');
  await sam.page.goto('/me/messages');
  assert.match(await main(sam.page), /Priya Nair is away until .+\. Owen Parry reads your messages/);
  await sam.page.getByLabel('Write to Owen Parry').fill('are you there Owen?');
  await sam.page.getByRole('button', { name: 'Send' }).click();
  await sam.page.locator('.flash').waitFor();
  await signIn(owen.page, COVER);
  await owen.page.getByRole('link', { name: /^Sam/ }).first().click();
  assert.match(await main(owen.page), /You cover and answer\./);
  await owen.look('answers-cover');
  await owen.page.getByLabel('Answer Sam').fill('yes, I am here while Priya is away');
  await owen.page.getByRole('button', { name: 'Send' }).click();
  // The open page of the young person shows it by itself, at once.
  await sam.page.locator('.thread .theirs').last().getByText('I am here while Priya is away').waitFor({ timeout: 4_000 });
  await sam.look('answers-covered');
  await priya.page.getByRole('button', { name: /^Back now/ }).click();
  await priya.page.locator('.flash').waitFor();
  await sam.page.goto('/me/messages');
  assert.match(await main(sam.page), /Priya Nair, your personal adviser, reads/);
  await priya.page.getByRole('link', { name: 'Change the hours' }).click();
  await priya.look('answers-hours');
  for (const visitor of [sam, priya, owen]) await visitor.close();
});

test('a manager hands a young person over on a day, and takes it back', async () => {
  const [manager, sam] = [await browser.visitor({ size: PHONE }), await browser.visitor()];
  const { page } = manager;
  await signIn(page, MANAGER);
  await page.getByRole('link', { name: 'Hand young people over to another worker' }).click();
  await manager.look('answers-workers');
  await page.getByRole('link', { name: 'Priya Nair' }).click();
  await page.getByLabel('Aaliyah Khan').uncheck();
  await page.getByLabel('To whom?').selectOption({ label: 'Owen Parry' });
  await page.getByLabel('From which day?').fill(day(4));
  await page.getByLabel(/^What should the next worker know/).fill('Likes to be called after four.');
  await manager.look('answers-hand-over');
  await page.getByRole('button', { name: 'Hand over' }).click();
  assert.match(await main(page), /Samuel Whittle to Owen Parry, on/);
  await manager.look('answers-hand-over-planned');
  await signIn(sam.page, SAM);
  await sam.page.goto('/me/messages');
  assert.match(await main(sam.page), /From .+ Owen Parry works with you\. Until then it is Priya Nair\./);
  await page.getByRole('button', { name: /^Take this back/ }).click();
  await sam.page.goto('/me/messages');
  assert.match(await main(sam.page), /There is no change of worker after all/);
  await sam.look('answers-no-change');
  for (const visitor of [manager, sam]) await visitor.close();
});
