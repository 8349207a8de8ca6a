// What private pages do besides their HTML, and the pages on which somebody says how they are reached and
// takes a copy.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { AWAY, back, playAway, WAYS } from '../lib/browser.mjs';
import { browser, portal } from '../lib/demo.mjs';
import { AALIYAH, ADVISER, PASSPHRASE, SAM, signIn, signOutElsewhere } from '../lib/people.mjs';

const ends = (page) => page.getByRole('alert').filter({ hasText: 'signed out' });

test('three times Shift leaves a private page, and writing capitals does not', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, SAM);
  await page.goto('/me/messages');
  const box = page.getByLabel('Write to Priya Nair');
  await box.focus();
  for (const letter of 'ABCDE') await page.keyboard.press(`Shift+${letter}`);
  await page.keyboard.press('Shift');
  await page.keyboard.press('Shift');
  assert.match(await page.locator('form.exit [role=status]').textContent(), /press 1 more time/);
  await page.keyboard.press('b');
  await page.keyboard.press('Shift');
  assert.equal(await box.inputValue(), 'ABCDEb');
  assert.match(page.url(), /\/me\/messages$/);
  await playAway(visitor);
  // However slow the server is, the screen is empty at once.
  await visitor.context.route('**/exit', async (route) => {
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  await page.keyboard.press('b');
  // The page leaves at once, so it tells by itself how it stood after each press.
  const told = [];
  page.on('console', (message) => told.push(message.text()));
  await page.evaluate(() => {
    addEventListener('keyup', (event) => {
      const { display } = getComputedStyle(document.documentElement);
      console.log(`${display} ${performance.now() - event.timeStamp}`);
    });
  });
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Shift');
  await page.waitForURL(AWAY);
  const stood = told.map((line) => line.split(' ')).filter(([display]) => ['block', 'none'].includes(display));
  assert.deepEqual(stood.map(([display]) => display), ['block', 'block', 'none']);
  console.log(`    the screen was empty ${Math.round(stood[2][1])} ms after the third press`);
  assert.deepEqual(await visitor.context.cookies(portal.origin), []);
  await back(page);
  assert.doesNotMatch(await page.content(), /Write to Priya/);
  await visitor.close();
});

test('two minutes before the end there is a warning, and one button stays', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, SAM);
  await page.clock.install();
  // The visit is the real one; only its seconds are played.
  const seconds = ['300', '110'];
  await page.route('**/sign-in/left', async (route) => {
    const next = route.request().method() === 'GET' ? seconds.shift() : undefined;
    if (!next) return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, body: (await response.text()).replace(/^\d+/, next) });
  });
  await page.goto('/me/messages');
  await page.getByLabel('Write to Priya Nair').fill('half a sentence');
  await page.waitForTimeout(1_000);
  assert.equal(await ends(page).count(), 0, 'five minutes are left');
  await page.clock.fastForward(181_000);
  await ends(page).waitFor();
  assert.match(await ends(page).innerText(), /You will be signed out in 2 minutes/);
  await visitor.look('private-warning');
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/sign-in/left') && answer.request().method() === 'POST');
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  assert.ok(parseInt(await (await asked).text(), 10) > 1_100, 'the whole time is left again');
  await ends(page).waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Write to Priya Nair').inputValue(), 'half a sentence');
  visitor.clean();
  await visitor.close();
});

test('when the sign-in has ended nothing private is left on the screen, and what was typed comes along', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, SAM);
  await page.clock.install();
  await page.goto('/me/messages');
  await page.getByLabel('Write to Priya Nair').fill('I wrote this and then it ended');
  await signOutElsewhere(visitor);
  visitor.leaving = true;
  // The page asks when two minutes should be left.
  await page.clock.fastForward(1_200_000);
  await ends(page).waitFor();
  assert.equal(await page.locator('main').isVisible(), false);
  assert.match(await ends(page).innerText(), /Your words are kept/);
  await visitor.shoot('private-ended');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'You have been signed out' }).waitFor();
  await page.getByLabel('Username').fill(SAM);
  await page.getByLabel('Passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Sign in' }).click();
  assert.equal(await page.getByRole('textbox').inputValue(), 'I wrote this and then it ended');
  // A page without words leads to the sign-in and back.
  await page.goto('/me');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await visitor.close();
});

test('a page of one person is not shown on in the visit of another, and nothing of it is sent', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, SAM);
  await page.clock.install();
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/sign-in/left'));
  await page.goto('/me/messages');
  await asked;
  await page.getByLabel('Write to Priya Nair').fill('only mine');
  // Kept while its writer is still signed in: later it would be refused.
  await page.getByText('Kept as a draft.').waitFor();
  const other = await visitor.context.newPage();
  await other.goto('/me');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await signIn(other, AALIYAH);
  await page.clock.fastForward(1_200_000);
  await ends(page).waitFor();
  assert.equal(await page.locator('main').isVisible(), false);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Hello Aaliyah' }).waitFor();
  await page.goto('/me/messages');
  assert.doesNotMatch(await page.locator('main').innerText(), /only mine/);
  visitor.clean();
  await visitor.close();
});

/** The newest code in the folder where the demo writes its mail. */
async function mailed(to) {
  for (const until = Date.now() + 15_000; Date.now() < until; await new Promise((done) => setTimeout(done, 300))) {
    const folder = `${portal.folder}/mail`;
    const files = await readdir(folder).catch(() => []);
    for (const file of files) {
      const mail = await readFile(`${folder}/${file}`, 'utf8');
      const code = mail.match(/ is (\d{8})/)?.[1];
      if (code && mail.includes(`To: ${to}`)) return code;
    }
  }
  throw new Error(`no code was sent to ${to}`);
}

for (const way of WAYS) {
  test(`somebody says how they are reached, confirms it, and takes a copy (${way.name})`, async () => {
    const visitor = await browser.visitor(way);
    const { page } = visitor;
    const shot = (name) => visitor.look(`account-${name}-${way.name}`);
    await signIn(page, SAM);
    await page.goto('/me/account');
    await page.getByRole('link', { name: 'Change how we reach you' }).click();
    const list = page.getByRole('list').filter({ hasText: 'onfirmed' });
    await page.getByLabel('Add an email address').fill('nonsense');
    await page.getByRole('button', { name: 'Add' }).click();
    assert.match(await page.getByRole('alert').innerText(), /There is a problem/);
    await shot('reach-wrong');
    const address = `${way.name}@young.invalid`;
    await page.getByLabel('Add an email address').fill(address);
    await page.getByRole('button', { name: 'Add' }).click();
    assert.match(await page.locator(".flash").innerText(), /sending a code/);
    await shot('contact');
    const code = await mailed(address);
    await page.getByLabel('The code we sent').fill(`${code.slice(0, 4)} ${code.slice(4)}`);
    await page.getByRole('button', { name: 'Confirm' }).click();
    assert.match(await list.innerText(), new RegExp(`${address}\\s+Confirmed on`));
    await page.getByLabel('Quiet from').selectOption('22:00');
    await page.getByRole('button', { name: 'Save quiet hours' }).click();
    assert.match(await page.locator('main').innerText(), /nothing from 10pm to 8am/);
    await shot('reach');
    await page.getByRole('link', { name: new RegExp(address) }).click();
    await page.getByRole('button', { name: "Don't contact me here" }).click();
    assert.match(await page.locator('main').innerText(), /We do not contact you here/);
    await page.getByRole('button', { name: 'Remove it' }).click();
    assert.doesNotMatch(await page.locator('main').innerText(), new RegExp(address));

    await page.goto('/me/account');
    await shot('all');
    await page.getByRole('link', { name: 'Change the name we use' }).click();
    await shot('name');
    await page.getByLabel('What should we call you?').fill(`Sam ${way.name}`);
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match(await page.locator('main').innerText(), new RegExp(`Sam ${way.name}`));
    for (const name of ['username', 'passphrase', 'card']) {
      await page.goto(`/me/account/${name}`);
      await shot(name);
    }

    await page.goto('/me/record');
    await shot('record');
    await page.getByRole('link', { name: 'Take a copy of everything' }).click();
    await shot('take');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'A page to read' }).click()]);
    assert.equal(download.suggestedFilename(), 'my-copy.html');
    const file = await download.path();
    const copy = await visitor.context.newPage();
    // It opens from a disk, with no connection.
    await visitor.context.setOffline(true);
    await copy.setContent(await readFile(file, 'utf8'));
    assert.match(await copy.locator('body').innerText(), /My plan[\s\S]*My messages[\s\S]*Who looked at my record/);
    if (way.script) await visitor.look(`account-copy-${way.name}`, { page: copy });
    await visitor.context.setOffline(false);
    visitor.clean();
    await visitor.close();
  });
}

test('whoever comes back by a code asks for it on one page and types it on another', async () => {
  for (const script of [true, false]) {
    const visitor = await browser.visitor({ script });
    const { page } = visitor;
    await page.goto('/recover');
    await page.getByRole('link', { name: /^Send a code to my email/ }).click();
    await visitor.look(`recover-ask-${script}`);
    await page.getByLabel('Username').fill('nobody-here-99');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await visitor.look(`recover-code-${script}`);
    // Reading the email may drop the page from the phone: it loads again and sends nothing.
    await page.reload();
    await page.getByLabel('Username').fill('nobody-here-99');
    await page.getByLabel('The code from the email').fill('1234');
    await page.getByRole('button', { name: 'Get back in' }).click();
    assert.match(await page.getByRole('alert').innerText(), /The code has 8 numbers/);
    await visitor.look(`recover-code-wrong-${script}`);
    visitor.clean();
    await visitor.close();
  }
});

test('a worker looks after their own sign-in', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, ADVISER);
  await page.getByRole('link', { name: 'My sign-in' }).click();
  await visitor.look('staff-account');
  for (const name of ['username', 'passphrase', 'phone']) {
    await page.goto(`/staff/account/${name}`);
    await visitor.look(`staff-account-${name}`);
  }
  visitor.clean();
  await visitor.close();
});

test('a worker sees how somebody is reached and sets the safety flag', async () => {
  const visitor = await browser.visitor();
  const { page } = visitor;
  await signIn(page, ADVISER);
  await page.goto('/work/people');
  await page.getByRole('link', { name: /^Sam/ }).first().click();
  await page.getByRole('link', { name: 'How to reach them' }).click();
  await visitor.look('reach-them');
  await page.getByRole('button', { name: 'Turn the safety flag on' }).click();
  assert.match(await page.locator('main').innerText(), /It is on/);
  await visitor.look('reach-them-flagged');
  await page.getByRole('button', { name: 'Turn the safety flag off' }).click();
  assert.match(await page.locator('main').innerText(), /It is off/);
  visitor.clean();
  await visitor.close();
});
