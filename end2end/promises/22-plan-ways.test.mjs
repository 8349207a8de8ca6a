// The ways of a plan that are not straight: returned and submitted again, an older version taken up again, two who write
// one text at a time. And what goes beside it: the assessment, a letter that is confirmed, and one sheet for a bad day.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WAYS } from '../lib/browser.mjs';
import { browser } from '../lib/demo.mjs';
import { AALIYAH, ADVISER, MANAGER, SAM, signIn } from '../lib/people.mjs';

const main = (page) => page.locator('main').innerText();
const box = (page) => page.getByRole('textbox');

/** Presses a button that saves, and waits until the next page says so. */
async function press(page, name) {
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('.flash').waitFor();
}

async function write(page, path, text) {
  await page.goto(path);
  await box(page).fill(text);
  await press(page, 'Save');
}

/** The adviser's browser, and the address of somebody's page. */
async function worker(way, called = 'Sam') {
  const visitor = await browser.visitor(way);
  await signIn(visitor.page, ADVISER);
  await visitor.page.goto('/work/people');
  await visitor.page.getByRole('link', { name: new RegExp(`^${called}`) }).click();
  return [visitor, visitor.page.url()];
}

/** Shares what is written with the young person. Answers the number of the version. */
async function share(page, plan, text) {
  await write(page, `${plan}/write/home/now`, text);
  await page.getByRole('link', { name: 'Share it' }).click();
  await press(page, 'Share it now');
  return Number((await main(page)).match(/Version (\d+), shared on/)[1]);
}

async function close(...visitors) {
  for (const visitor of visitors) {
    visitor.clean();
    await visitor.close();
  }
}

for (const way of WAYS) {
  test(`a manager returns a version with a reason, which is read, and signs it off later (${way.name})`, async () => {
    const [priya, person] = await worker(way);
    const [{ page }, plan] = [priya, `${person}/plan`];
    const morag = await browser.visitor(way);
    await signIn(morag.page, MANAGER);
    const submit = async () => {
      await page.getByRole('link', { name: 'Submit it to a manager' }).click();
      await press(page, 'Submit it');
      await morag.page.goto('/work');
      await morag.page.getByRole('link', { name: "Sam's plan" }).click();
    };
    const giveBack = async (why) => {
      await morag.page.getByLabel('Or say why you return it').fill(why);
      await press(morag.page, 'Return it');
      await page.goto(plan);
      assert.match(await main(page), /returned by the manager/);
    };

    const number = await share(page, plan, `You have a room, ${way.name}.`);
    await submit();
    await morag.page.getByRole('button', { name: 'Return it' }).click();
    assert.match(await morag.page.getByRole('alert').innerText(), /Say why you return it/);
    await morag.look(`plan-ways-no-reason-${way.name}`);
    // Words beside the other button would be lost without a sign.
    const why = `Nothing on the rent, ${way.name}.`;
    await morag.page.getByLabel('Or say why you return it').fill(why);
    await morag.page.getByRole('button', { name: 'Sign it off' }).click();
    assert.match(await morag.page.getByRole('alert').innerText(), /A reason goes with a return/);
    assert.equal(await morag.page.getByLabel('Or say why you return it').inputValue(), why);
    await morag.look(`plan-ways-reason-kept-${way.name}`);
    await giveBack(why);
    await priya.look(`plan-ways-returned-${way.name}`);
    await page.getByRole('link', { name: 'Why the manager returned it' }).click();
    assert.ok((await main(page)).includes(why));
    await priya.look(`plan-ways-why-${way.name}`);

    // The same version once more, then the next one.
    await page.goto(plan);
    await submit();
    await giveBack(`Still nothing on the rent, ${way.name}.`);
    assert.equal(await share(page, plan, `You have a room. The rent is paid, ${way.name}.`), number + 1);
    await submit();
    assert.ok((await main(morag.page)).includes(`The rent is paid, ${way.name}.`));
    await press(morag.page, 'Sign it off');
    await page.goto(`${plan}/versions`);
    const row = (n) => page.getByRole('link', { name: new RegExp(`^Version ${n} `) }).innerText();
    assert.match(await row(number + 1), /signed off/);
    assert.match(await row(number), /returned by the manager/);
    await priya.look(`plan-ways-signed-${way.name}`);
    await page.goto(`${plan}/versions/${number}`);
    assert.equal((await main(page)).match(/Submitted to Morag Lewis by Priya Nair/g).length, 2, 'each time stays');
    await close(priya, morag);
  });

  test(`an older version is read beside a newer one, taken up again and shared (${way.name})`, async () => {
    const [priya, person] = await worker(way);
    const [{ page }, plan] = [priya, `${person}/plan`];
    const [old, later] = [`The lift works, ${way.name}.`, `The garden is open, ${way.name}.`];
    const first = await share(page, plan, old);
    const second = await share(page, plan, later);
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    for (const [visitor, list] of [[priya, `${plan}/versions`], [sam, '/me/plan/versions']]) {
      const one = visitor.page;
      const who = visitor === sam ? 'sam' : 'worker';
      await one.goto(`${list}/${first}`);
      await one.getByLabel('Compare with').selectOption(String(second));
      await one.getByRole('button', { name: 'Compare' }).click();
      await one.waitForURL(`**/versions/${first}?with=${second}`);
      const home = one.locator('section', { has: one.getByRole('heading', { name: 'A place to live' }) });
      assert.match(await home.locator('ins').first().innerText(), /lift|works/);
      assert.match(await home.locator('del').first().innerText(), /garden|open/);
      await visitor.look(`plan-ways-beside-${who}-${way.name}`);
      await one.goto(`${list}/${first}?with=999`);
      assert.match(await main(one), /There is no other version with that number/);
      await visitor.look(`plan-ways-beside-unknown-${who}-${way.name}`);
    }
    assert.equal(await sam.page.getByRole('button', { name: 'Use it for the next version' }).count(), 0);

    await page.goto(`${plan}/versions/${first}`);
    await press(page, 'Use it for the next version');
    assert.match(await main(page), new RegExp(`Version ${second + 1} is being written`));
    assert.ok((await main(page)).includes(old) && !(await main(page)).includes(later));
    await priya.look(`plan-ways-restored-${way.name}`);
    await sam.page.goto('/me/plan');
    assert.ok((await main(sam.page)).includes(later), 'before it is shared nothing changes for them');
    await page.getByRole('link', { name: 'Share it' }).click();
    await press(page, 'Share it now');
    await sam.page.goto('/me/plan/print');
    assert.ok((await main(sam.page)).includes(old) && !(await main(sam.page)).includes(later));
    await sam.page.goto('/me/plan/versions');
    assert.ok((await main(sam.page)).includes(`Takes up version ${first} again.`));
    await sam.look(`plan-ways-taken-up-${way.name}`);
    await close(priya, sam);
  });

  test(`of two tabs that write one text the second sees both and overwrites nothing (${way.name})`, async () => {
    const [priya, person] = await worker(way);
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    const [first, second, both] = ['one', 'two', 'both'].map((word) => `The words of tab ${word}, ${way.name}.`);
    for (const [visitor, plan, path] of [
      [priya, `${person}/plan`, `${person}/plan/write/health/agreed`],
      [sam, '/me/plan', '/me/plan/want/money'],
    ]) {
      const slow = visitor.page;
      await slow.goto(path);
      const quick = await visitor.tab();
      await write(quick, path, first);
      await slow.bringToFront();
      await box(slow).fill(second);
      await slow.getByRole('button', { name: 'Save' }).click();
      assert.match(await slow.getByRole('alert').innerText(), /Somebody else wrote here while you did/);
      assert.equal(await box(slow).inputValue(), second);
      assert.ok((await main(slow)).includes(first), 'what stands there now is beside it');
      await visitor.look(`plan-ways-two-${visitor === sam ? 'sam' : 'worker'}-${way.name}`, { page: slow });
      await quick.goto(plan);
      assert.ok((await main(quick)).includes(first) && !(await main(quick)).includes(second));
      await slow.bringToFront();
      await box(slow).fill(both);
      await press(slow, 'Save');
      assert.ok((await main(slow)).includes(both) && !(await main(slow)).includes(first));
    }
    await close(priya, sam);
  });

  test(`what somebody writes of their own is not overwritten by a worker who had the page open (${way.name})`, async () => {
    // Each way takes a part of its own: once written it is theirs for good.
    const part = { phone: 'identity', 'phone-no-script': 'relationships', desk: 'skills' }[way.name];
    const [priya, person] = await worker(way);
    const [{ page }, own] = [priya, `I say this myself, ${way.name}.`];
    await page.goto(`${person}/plan/write/${part}/want`);
    const sam = await browser.visitor(way);
    await signIn(sam.page, SAM);
    await write(sam.page, `/me/plan/want/${part}`, own);
    await box(page).fill(`Taken down for them, ${way.name}.`);
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('alert').innerText(), /They have written this themselves by now/);
    assert.match(await main(page), /What you wrote, and what was not saved/);
    assert.ok((await main(page)).includes(own));
    await priya.look(`plan-ways-theirs-${way.name}`);
    await page.goto(`${person}/plan`);
    assert.ok((await main(page)).includes(own) && !(await main(page)).includes(`Taken down for them, ${way.name}.`));
    await close(priya, sam);
  });

  test(`when needs were assessed is written down, and a day to come is not taken (${way.name})`, async () => {
    const [priya, person] = await worker(way);
    const { page } = priya;
    const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await page.goto(`${person}/plan/assessment`);
    await priya.look(`plan-ways-assessment-${way.name}`);
    const [eligible, assessed] = [page.getByLabel('Eligible since'), page.getByLabel('Needs were assessed on')];
    // Each way writes other days, so that none finds those of the way before.
    const n = WAYS.indexOf(way);
    const [from, on] = [day(-80 - n), day(-3 - n)];
    await eligible.fill(from);
    await assessed.fill(day(3));
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.getByRole('alert').innerText(), /That day is still to come/);
    assert.equal(await eligible.inputValue(), from);
    await priya.look(`plan-ways-assessment-wrong-${way.name}`);
    await assessed.fill(on);
    await press(page, 'Save');
    await page.goto(`${person}/plan/assessment`);
    assert.deepEqual([await eligible.inputValue(), await assessed.inputValue()], [from, on]);
    await close(priya);
  });

  test(`a worker writes down to whom they confirmed a letter, and both read the one log (${way.name})`, async () => {
    const aaliyah = await browser.visitor(way);
    await signIn(aaliyah.page, AALIYAH);
    await aaliyah.page.goto('/me/letter');
    await press(aaliyah.page, /^Ask for a/);
    const [priya, person] = await worker(way, 'Aaliyah');
    const { page } = priya;
    await page.goto(`${person}/letter`);
    await press(page, 'Yes, approve it');
    await priya.look(`plan-ways-letter-${way.name}`);
    const asked = `Bright Homes, ${way.name}`;
    await page.getByLabel('Who asked?').fill(asked);
    await page.getByRole('button', { name: 'Write it down' }).click();
    assert.match(await page.getByRole('alert').innerText(), /Choose how you confirmed it/);
    assert.equal(await page.getByLabel('Who asked?').inputValue(), asked);
    await priya.look(`plan-ways-letter-how-${way.name}`);
    await page.getByLabel('By phone').check();
    await press(page, 'Write it down');

    await aaliyah.page.goto('/me/letter');
    await aaliyah.page.getByRole('link', { name: /^Open it/ }).click();
    await aaliyah.page.getByLabel('Who do you show it to?').fill(`My college, ${way.name}`);
    await press(aaliyah.page, 'Write it down');
    await aaliyah.look(`plan-ways-letter-sheet-${way.name}`);
    await aaliyah.page.goto('/me/letter');
    await page.reload();
    const confirmed = new RegExp(`Confirmed to ${asked}, by phone, on .+\\. Priya Nair wrote this`);
    const shown = `Shown to My college, ${way.name}, `;
    for (const [one, who] of [[aaliyah.page, 'You'], [page, 'Aaliyah']]) {
      // The latest letter stands first.
      const log = await one.locator('ul.thread > li').first().innerText();
      assert.match(log, confirmed);
      assert.match(log, new RegExp(`${shown}.+\\. ${who} wrote this`));
    }
    await aaliyah.look(`plan-ways-letter-mine-${way.name}`);
    await priya.look(`plan-ways-letter-log-${way.name}`);
    await close(aaliyah, priya);
  });
}

const pages = async (page) =>
  (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g).length;

test('what somebody does if it goes wrong is one side of A4 with the help lines, however full the boxes are', async () => {
  const aaliyah = await browser.visitor(WAYS[0]);
  const { page } = aaliyah;
  await signIn(page, AALIYAH);
  await page.goto('/me/if-it-goes-wrong/edit');
  const boxes = {
    'How I know it is going wrong': 'I stop sleeping and I do not answer my phone.',
    'What I do, and what helps': 'A shower, music, a walk along the old canal.',
    'Who I call': 'Nadia, my aunt in Burnley 07700 900123',
    'Where I can go': "My aunt's, or the library until it closes.",
  };
  for (const [label, text] of Object.entries(boxes)) await page.getByLabel(label).fill(text);
  await press(page, 'Save');
  await aaliyah.look('plan-ways-crisis');
  assert.equal(await pages(page), 1);
  // A side that left something out would be no help.
  await page.emulateMedia({ media: 'print' });
  const words = await main(page);
  for (const text of [...Object.values(boxes), 'Samaritans', '116 123']) assert.ok(words.includes(text), text);
  await page.emulateMedia({ media: null });
  await page.goto('/me/if-it-goes-wrong/edit');
  // Ten lines, and nearly every character that a box takes.
  const full = Array.from({ length: 10 }, (_, n) => `Somebody with a very long name and a job, on 07700 900${n + 110}.`).join('\n');
  assert.ok(full.length > 550 && full.length <= 600, `${full.length}`);
  for (const label of Object.keys(boxes)) await page.getByLabel(label).fill(full);
  await press(page, 'Save');
  await aaliyah.look('plan-ways-crisis-full');
  assert.equal(await pages(page), 1);
  await close(aaliyah);
});
