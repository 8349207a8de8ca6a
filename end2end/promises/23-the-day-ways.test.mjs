// A worker's day by keyboard alone, without script, on its first day, on paper, and with a number not to be texted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, DESK, PHONE } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';
import { AALIYAH, ADVISER, COVER, MANAGER, PASSPHRASE, SAM, signIn } from '../lib/people.mjs';
import { Portal } from '../lib/portal.mjs';
import { setUpGenerator } from '../lib/totp.mjs';

const main = (page) => page.locator('main').innerText();
const day = (days) => new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv', { timeZone: 'Europe/London' });

/** What has the focus, and why it cannot be seen to have it. */
const focused = (page) =>
  page.evaluate(() => {
    const node = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(node);
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const faults = node === document.body ? ['the focus is nowhere'] : [];
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) faults.push('no outline');
    if (right - left < 2 || bottom - top < 2 || bottom <= 0 || top >= innerHeight) faults.push('outside the window');
    // Something may lie over it, such as a bar that sticks to the top.
    const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
    const over = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
    const own = [node, ...(node.labels ?? [])].some((one) => one.contains(over));
    if (over && !own && !over.contains(node)) faults.push(`behind ${over.tagName}.${over.className}`);
    return { id: node.id, text: node.textContent.trim(), faults };
  });

/** Somebody's hands on the keys of a page; nothing else touches it. */
const keys = (page) => ({
  async seen() {
    const now = await focused(page);
    assert.deepEqual(now.faults, [], `${page.url()}: #${now.id} ${now.text.slice(0, 40)}`);
    return now;
  },
  /** Presses Tab until `wanted`, an id or words, has the focus. Everything on the way must be seen. */
  async to(wanted) {
    for (let n = 0; n < 80; n += 1) {
      await page.keyboard.press('Tab');
      const now = await this.seen();
      if (wanted instanceof RegExp ? wanted.test(now.text) : now.id === wanted) return;
    }
    assert.fail(`${page.url()}: never reached ${wanted}`);
  },
  /** The next page begins with no focus, so nothing is asked of it before the next step. */
  async open(wanted, leads) {
    await this.to(wanted);
    await Promise.all([page.waitForURL(leads), page.keyboard.press('Enter')]);
  },
  async write(box, words) {
    await this.to(box);
    await page.keyboard.type(words);
    assert.equal((await this.seen()).id, box, 'writing keeps the place');
  },
  /** A day is typed in the order of the browser's own language, which is not the page's. */
  async date(box, wanted) {
    await this.to(box);
    const [year, month, on] = wanted.split('-');
    for (const typed of [month + on + year, on + month + year]) {
      for (let part = 0; part < 3; part += 1) await page.keyboard.press('ArrowLeft');
      await page.keyboard.type(typed);
      await this.seen();
      if ((await page.locator(`#${box}`).inputValue()) === wanted) return;
    }
    assert.fail(`${wanted} cannot be typed into ${box}`);
  },
});

/** Opens the page of somebody by their name. */
async function person(page, name) {
  await page.goto('/work/people');
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  return page.url();
}

/** Opens what asks for the passphrase again some minutes after the last proof. */
async function proven(page, link) {
  await page.getByRole('link', { name: link }).click();
  if (!/sign-in\/again/.test(page.url())) return;
  await page.getByLabel('Passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Continue' }).click();
  // The proof begins a new visit: the tests that follow go on with that one.
  portal.visits[ADVISER] = await page.context().cookies(portal.origin);
}

for (const [size, username, called] of [[DESK, AALIYAH, 'Aaliyah'], [PHONE, SAM, 'Sam']]) {
  test(`put off, answered and done with its next step by keyboard alone, and the place is always seen (${size.width})`, async () => {
    const young = await browser.visitor();
    await signIn(young.page, username);
    await young.page.goto('/me/messages');
    await young.page.locator('#body').fill('are you there?');
    await young.page.getByRole('button', { name: 'Send' }).click();
    await young.page.locator('.flash').waitFor();
    await young.close();
    const worker = await browser.visitor({ size });
    const { page } = worker;
    const [hands, row] = [keys(page), page.locator('.queue li', { hasText: called })];
    await signIn(page, ADVISER);
    await page.goto('/work');
    await hands.open(new RegExp(`^Later, for ${called}$`), /\/later$/);
    await hands.date('follow', day(0));
    await hands.write('body', 'Ring the college');
    await hands.open(/^Save$/, /\/work$/);
    assert.match(await row.innerText(), /follow up today[^]*Waiting/);

    await hands.open(new RegExp(`^${called} `), /\/messages$/);
    assert.match(await main(page), /Next step: Ring the college/);
    await hands.write('body', 'Yes, I am.');
    await hands.to(/^Send$/);
    await page.keyboard.press('Enter');
    await page.locator('.flash').waitFor();
    assert.match(await page.locator('.thread .mine').last().innerText(), /Yes, I am\./);
    await hands.open(/^Today$/, /\/work$/);
    assert.doesNotMatch(await row.innerText(), /Waiting/);

    await hands.open(new RegExp(`^Done: ${called}, follow up today$`), /\/later$/);
    await hands.date('follow', day(3));
    await hands.write('body', 'Ask how it went');
    await hands.open(/^Save$/, /\/work$/);
    assert.doesNotMatch(await main(page), /follow up today/);
    await worker.look(`ways-done-${size.width}`);
    await page.goto(`${await person(page, called)}/messages`);
    assert.match(await main(page), /For you: follow up on[^]*Next step: Ask how it went/);
    worker.clean();
    await worker.close();
  });
}

test('without script every page of the day is whole at 1280 pixels', async () => {
  const bare = { size: DESK, script: false };
  const anyone = await browser.visitor(bare);
  await anyone.page.goto('/cannot-sign-in');
  await anyone.page.getByLabel('Who are you, and how can we reach you?').fill('Sam, 07700 900123, after 4pm');
  await anyone.page.getByLabel('What happened?').fill('I have a new phone.');
  await anyone.page.getByRole('button', { name: 'Send' }).click();
  await anyone.close();
  for (const [who, paths] of [
    [ADVISER, ['', '/people', 'sam', 'sam/messages', 'sam/messages/later', '/templates', '/planned', '/calls', '/away', '/many', '/find']],
    [COVER, ['', '/desk']],
    [MANAGER, ['', '/people', '/team', '/without-adviser', '/hand-over', '/staff-codes']],
  ]) {
    const worker = await browser.visitor(bare);
    await signIn(worker.page, who);
    const sam = who === ADVISER && (await person(worker.page, 'Sam'));
    for (const path of paths) {
      const answer = await worker.page.goto(path.startsWith('sam') ? path.replace('sam', sam) : `/work${path}`);
      assert.equal(answer.status(), 200, path);
      assert.doesNotMatch(worker.page.url(), /sign-in/, path);
      if (path === '/calls') assert.match(await main(worker.page), /07700 900123/);
      await worker.look(`ways-${who}-work${path.replace('sam', '-sam').replaceAll('/', '-')}`);
    }
    await worker.close();
  }
});

for (const way of [{ size: DESK, script: true }, { size: PHONE, script: false }]) {
  test(`a code on a card stands on paper without what leads on (${way.size.width})`, async () => {
    const worker = await browser.visitor(way);
    const { page } = worker;
    await signIn(page, ADVISER);
    await person(page, 'Sam');
    await proven(page, /^Give a code/);
    await page.getByLabel('We are in the same room').check();
    await page.getByLabel('They get it on paper. It works for one day.').check();
    await page.getByRole('button', { name: 'Make the code' }).click();
    const leads = page.locator('nav, .btn, button, .skip, footer').filter({ visible: true });
    assert.ok((await leads.count()) > 0, 'on a screen they are there');
    await worker.look(`ways-card-${way.size.width}`);
    const pdf = await page.pdf({ format: 'A4' });
    assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1);
    await page.emulateMedia({ media: 'print' });
    assert.match(await page.locator('.card .secret').innerText(), /^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
    assert.equal(await page.locator('.card svg.qr').isVisible(), true);
    assert.equal(await leads.count(), 0);
    await worker.shoot(`ways-card-print-${way.size.width}`);
    await worker.close();
  });

  test(`nobody texts a number that is not to be texted, and both see it (${way.script ? 'with' : 'without'} script)`, async () => {
    const sam = await browser.visitor({ ...way, size: PHONE });
    await signIn(sam.page, SAM);
    await sam.page.goto('/me/account/reach');
    await sam.page.getByLabel('Add an email address or a phone number').fill('07700 900461');
    await sam.page.getByRole('button', { name: 'Add' }).click();
    const worker = await browser.visitor({ ...way, size: PHONE });
    const { page } = worker;
    await signIn(page, ADVISER);
    const home = await person(page, 'Sam');
    assert.doesNotMatch(await main(page), /must not text/);
    await proven(page, /^How to reach them/);
    const number = page.getByRole('listitem').filter({ hasText: '900461' });
    await number.getByRole('button', { name: 'I reached them here' }).click();
    assert.match(await number.innerText(), /Confirmed on/);
    await number.getByText('Do not text this number').click();
    await number.getByRole('button', { name: 'Send nothing here' }).click();
    assert.match(await number.innerText(), /They do not want to be contacted here/);
    await worker.look(`ways-silenced-${way.script}`);
    await page.goto(home);
    assert.match(await main(page), /There is a number of theirs that you must not text\./);
    await sam.page.goto('/me/account/reach');
    const own = sam.page.getByRole('link', { name: /900461/ });
    assert.match(await own.innerText(), /We do not contact you here/);
    await sam.look(`ways-silenced-sam-${way.script}`);
    // It is theirs to take away, and with it goes the warning.
    await own.click();
    await sam.page.getByRole('button', { name: 'Remove it' }).click();
    await page.reload();
    assert.doesNotMatch(await main(page), /must not text/);
    for (const visitor of [sam, worker]) await visitor.close();
  });
}

test('on a first day every page that is empty says what the next step is', async () => {
  const code = (said) => said.match(/[A-Z0-9]{4}-[A-Z0-9]{4}/)[0];
  const email = 'rosa@council.invalid';
  let first;
  const live = await Portal.live(async (run) => {
    await run('key', 'new');
    first = code(await run('staff', 'add', '--name', 'Rosa Field', '--email', email, '--role', 'adviser'));
  });
  const own = await Browser.open(live);
  try {
    const phone = await own.visitor({ script: false });
    await phone.page.goto('/join');
    await phone.page.getByLabel('Your code').fill(first);
    await phone.page.getByLabel('Your passphrase').fill((await phone.page.locator('.note strong').innerText()).trim());
    await phone.page.getByRole('button', { name: 'Join' }).click();
    await setUpGenerator(phone);
    const desk = await own.visitor({ size: DESK });
    await desk.context.addCookies(await phone.context.cookies(live.origin));
    const says = async (path, words) => {
      for (const visitor of [phone, desk]) {
        await visitor.page.goto(path);
        assert.match(await main(visitor.page), words);
        await visitor.look(`ways-first${path.replace(/[0-9a-f]{32}/, 'jo').replaceAll('/', '-')}-${visitor.size.width}`);
      }
    };
    for (const path of ['/work', '/work/people']) await says(path, /Nobody is assigned to you yet\.\s+Your manager hands people over/);
    await says('/work/templates', /You have none yet\.\s+Write the first one below/);
    await says('/work/planned', /Nothing is planned\.\s+To plan a message, open somebody's messages/);
    await live.run('person', 'add', '--name', 'Jo Marsh', '--born', '2008-03-27', '--locality', 'east', '--adviser', email);
    const jo = new URL(await person(phone.page, 'Jo')).pathname;
    await says(jo, /Jo has not joined yet\. The next step: give them a code/);
    await says(`${jo}/messages`, /no messages yet\. They see what you write here when they next sign in/);
  } finally {
    await own.close();
    await live.stop();
  }
});
