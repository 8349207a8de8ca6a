// A real start: an empty live database and one administrator added by command, who adds an adviser;
// adviser and young person join and do the main job on a phone without JavaScript.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../lib/browser.mjs';
import { Portal } from '../lib/portal.mjs';
import { setUpGenerator } from '../lib/totp.mjs';

let portal;
let browser;
let codes;

const code = (said) => said.match(/[A-Z0-9]{4}-[A-Z0-9]{4}/)[0];

before(async () => {
  portal = await Portal.live(async (run) => {
    await run('key', 'new');
    codes = { ada: code(await run('staff', 'add', '--name', 'Ada Brook', '--email', 'ada@council.invalid', '--role', 'admin')) };
  });
  browser = await Browser.open(portal);
});
after(async () => {
  await browser?.close();
  await portal?.stop();
});

/** Joins as the page offers it: its username, its four words. Answers both. */
async function join(visitor, code, born, name) {
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'I have a code', exact: true }).click();
  const passphrase = (await page.locator('.note strong').innerText()).trim();
  const username = await page.getByLabel('Your username').inputValue();
  assert.equal(passphrase.split(' ').length, 4);

  // First with a slip in it: everything but the secret stays.
  await page.getByLabel('Your code').fill('ABCD-234');
  for (const [part, value] of Object.entries(born)) await page.getByLabel(part, { exact: true }).fill(value);
  await page.getByLabel('Your passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Join' }).click();
  assert.match(await page.title(), /^Error: /);
  await visitor.look(`join-wrong-${name}`);
  assert.equal(await page.getByLabel('Your username').inputValue(), username);
  assert.equal((await page.locator('.note strong').innerText()).trim(), passphrase);
  for (const [part, value] of Object.entries(born)) {
    assert.equal(await page.getByLabel(part, { exact: true }).inputValue(), value);
  }
  // Codes are read as people type them.
  await page.getByLabel('Your code').fill(` ${code.toLowerCase().replace('-', ' ')} `);
  await page.getByLabel('Your passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Join' }).click();
  if (name === 'staff') await setUpGenerator(visitor);
  else assert.match(await page.locator('.flash').innerText(), /You are signed in/);
  return { username, passphrase };
}

/** The first part of a first plan is written, shared, read and agreed with. */
async function onePart(rosa, jo) {
  const [now, agreed] = ['You live with your aunt. You have a room there.', 'You can stay until June.'];
  const main = (visitor) => visitor.page.locator('main').innerText();
  await rosa.page.goto('/work/people');
  await rosa.page.getByRole('link', { name: /^Jo/ }).click();
  const plan = `${rosa.page.url()}/plan`;
  await rosa.page.goto(plan);
  assert.match(await main(rosa), /There is no plan for Jo yet/);
  await rosa.look('live-plan-none-phone');
  for (const [field, text] of [['now', now], ['agreed', agreed]]) {
    await rosa.page.locator(`a[href="${new URL(plan).pathname}/write/home/${field}"]`).click();
    await rosa.page.getByRole('textbox').fill(text);
    await rosa.page.getByRole('button', { name: 'Save' }).click();
    await rosa.page.locator('.flash').waitFor();
  }
  await rosa.look('live-plan-draft-phone');
  const mine = jo.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My plan' });
  await mine.click();
  assert.ok(!(await main(jo)).includes(now), 'a draft is not theirs to see');
  await rosa.page.getByRole('link', { name: 'Share it' }).click();
  await rosa.look('live-plan-share-phone');
  await rosa.page.getByRole('button', { name: 'Share it now' }).click();
  await rosa.page.locator('.flash').waitFor();

  await mine.click();
  assert.ok((await main(jo)).includes(now) && (await main(jo)).includes(agreed));
  await jo.look('live-plan-phone');
  await jo.page.locator('a[href="/me/plan/say/home"]').click();
  await jo.page.getByLabel('I agree', { exact: true }).check();
  await jo.look('live-plan-say-phone');
  await jo.page.getByRole('button', { name: 'Save' }).click();
  await jo.page.locator('.flash').waitFor();
  assert.equal(await jo.page.getByRole('button', { name: /^I agree with/ }).count(), 0, 'asked no more');
  await jo.look('live-plan-agreed-phone');
  await rosa.page.goto(plan);
  assert.match(await main(rosa), /Version 1, shared on .+: agreed\./);
  assert.match(await main(rosa), /Jo agrees/);
  await rosa.look('live-plan-agreed-worker-phone');
}

/** Of somebody under 18 it is asked when their needs were assessed, until it is written down. */
async function assessed(rosa) {
  const { page } = rosa;
  const born = `${new Date().getFullYear() - 17}-01-01`;
  await portal.run('person', 'add', '--name', 'Lou Hart', '--born', born, '--locality', 'east', '--adviser', 'rosa@council.invalid');
  await page.goto('/work/people');
  await page.getByRole('link', { name: /^Lou/ }).click();
  const due = /assessment of what they need/i;
  assert.match(await page.locator('main').innerText(), due);
  await page.getByRole('link', { name: 'Write down when their needs were looked at' }).click();
  await rosa.look('live-assessment-phone');
  await page.getByLabel('Needs were assessed on').fill(`${new Date().getFullYear() - 1}-03-01`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.flash').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), due);
  await rosa.look('live-assessed-phone');
}

test('the first administrator, an adviser and a young person join, write and answer, without script', async () => {
  const ada = await browser.visitor({ script: false });
  await join(ada, codes.ada, {}, 'staff');
  assert.equal(new URL(ada.page.url()).pathname, '/admin');
  await ada.look('live-admin-phone');
  await ada.page.getByRole('link', { name: 'Add somebody' }).click();
  await ada.page.getByLabel('Name', { exact: true }).fill('Rosa Field');
  await ada.page.getByLabel('Work email address').fill('rosa@council.invalid');
  await ada.page.getByLabel('Role').selectOption({ label: 'Personal adviser' });
  await ada.page.getByRole('button', { name: 'Add' }).click();
  // Nobody lets somebody in alone who reaches records: the page says how the first colleagues come in.
  assert.match(await ada.page.locator('main').innerText(), /portal staff code/);
  await ada.look('live-admin-code-phone');
  codes.rosa = code(await portal.run('staff', 'code', '--email', 'rosa@council.invalid'));
  ada.clean();
  await ada.close();
  codes.jo = code(
    await portal.run('person', 'add', '--name', 'Jo Marsh', '--born', '2008-03-27', '--locality', 'east', '--adviser', 'rosa@council.invalid'),
  );

  const rosa = await browser.visitor({ script: false });
  await rosa.page.goto('/join');
  await rosa.look('join-phone');
  await join(rosa, codes.rosa, {}, 'staff');
  assert.equal(new URL(rosa.page.url()).pathname, '/work');
  assert.equal(await rosa.page.locator('.demo').count(), 0, 'no demo banner on a live portal');
  await rosa.look('live-work-phone');

  const jo = await browser.visitor({ script: false });
  const mine = await join(jo, codes.jo, { Day: '27', Month: '3', Year: '2008' }, 'person');
  assert.equal(await jo.page.getByRole('heading', { level: 1 }).innerText(), 'Hello Jo');
  await jo.look('live-me-phone');
  await jo.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My plan' }).click();
  await jo.look('live-plan-empty-phone');
  await jo.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Messages' }).click();
  await jo.look('live-messages-empty-phone');
  await jo.page.getByLabel('Write to Rosa Field').fill('hello rosa');
  await jo.page.getByRole('button', { name: 'Send' }).click();
  assert.match(await jo.page.locator('.flash').innerText(), /^Saved\./);

  await rosa.page.reload();
  await rosa.page.getByRole('link', { name: /^Jo/ }).click();
  await rosa.page.getByLabel('Answer Jo').fill('hello jo');
  await rosa.page.getByRole('button', { name: 'Send' }).click();
  await rosa.page.locator('.flash').waitFor();
  await jo.page.reload();
  assert.match(await jo.page.locator('.thread .theirs').innerText(), /Rosa Field[^]*hello jo/);
  await jo.look('live-messages-phone');

  await onePart(rosa, jo);
  await assessed(rosa);

  // The passphrase that was offered is the one that works from now on; the code is used up.
  await jo.page.getByRole('button', { name: 'Sign out' }).click();
  await jo.page.getByRole('link', { name: 'Sign in again' }).click();
  await jo.page.getByLabel('Username').fill(mine.username);
  await jo.page.getByLabel('Passphrase').fill(mine.passphrase);
  await jo.page.getByRole('button', { name: 'Sign in' }).click();
  assert.equal(new URL(jo.page.url()).pathname, '/me');
  const late = await browser.visitor({ script: false });
  await late.page.goto('/join');
  await late.page.getByLabel('Your code').fill(codes.jo);
  for (const [part, value] of [['Day', '27'], ['Month', '3'], ['Year', '2008']]) {
    await late.page.getByLabel(part, { exact: true }).fill(value);
  }
  await late.page.getByLabel('Your passphrase').fill('four quite other words here');
  await late.page.getByRole('button', { name: 'Join' }).click();
  assert.match(await late.page.getByRole('alert').innerText(), /too old|do not match/);
  for (const visitor of [rosa, jo, late]) {
    visitor.clean();
    await visitor.close();
  }
});

test('a live portal shows the shipped offer and no made-up session', async () => {
  const visitor = await browser.visitor({ script: false });
  for (const path of ['/', '/offer/money', '/drop-ins', '/drop-ins/east']) {
    await visitor.page.goto(path);
    assert.doesNotMatch(await visitor.page.locator('body').innerText(), /demo|made up/i, path);
    await visitor.look(`live${path.replaceAll('/', '-')}-phone`);
  }
  await visitor.close();
});
