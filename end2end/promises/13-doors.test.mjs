// Three doors: what a passphrase alone opens, what a code opens, and how somebody who is locked out gets back in
// with a worker on the phone. On a phone, with and without script.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser } from '../lib/demo.mjs';
import { ADVISER, AALIYAH, SAM, firstDoor, prove, signIn } from '../lib/people.mjs';

const text = (page) => page.locator('main').innerText();

for (const script of [false, true]) {
  const how = script ? 'with script' : 'without script';

  test(`a passphrase alone sends a message and shows nothing else, ${how}`, async () => {
    const visitor = await browser.visitor({ script });
    const { page } = visitor;
    await firstDoor(page, SAM);
    assert.equal(new URL(page.url()).pathname, '/me');
    await visitor.look(`first-door-${how.replace(' ', '-')}`);
    assert.doesNotMatch(await text(page), /Sam|Priya/);
    await page.getByRole('link', { name: /^Send a message/ }).click();
    await page.getByLabel('Write to your team').fill(`locked out, ${how}`);
    await page.getByRole('button', { name: 'Send' }).click();
    assert.match(await page.locator('.flash').innerText(), /^Saved\./);
    await visitor.look(`first-door-messages-${how.replace(' ', '-')}`);
    assert.doesNotMatch(await text(page), /flat viewing|Priya/);
    await page.getByRole('link', { name: 'prove it is you' }).click();
    await page.getByLabel(/^Your code/).fill('ABCD-2345');
    await page.getByRole('button', { name: 'Continue' }).click();
    assert.match(await page.title(), /^Error: /);
    await visitor.look(`second-door-wrong-${how.replace(' ', '-')}`);
    await page.waitForTimeout(1_100);
    await prove(page, SAM);
    assert.equal(new URL(page.url()).pathname, '/me/messages');
    assert.match(await text(page), /flat viewing/);
    assert.match(await text(page), new RegExp(`locked out, ${how}`));
    visitor.clean();
    await visitor.close();
  });

  test(`a phone that is said to be one's own needs no code the next time, ${how}`, async () => {
    const visitor = await browser.visitor({ script });
    const { page } = visitor;
    await signIn(page, AALIYAH, { own: true });
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await firstDoor(page, AALIYAH);
    assert.match(await text(page), /Hello Aaliyah/);
    await page.goto('/me/account');
    await visitor.look(`account-${how.replace(' ', '-')}`);
    assert.match(await text(page), /this one/);
    await page.getByRole('button', { name: 'Forget this phone' }).first().click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await firstDoor(page, AALIYAH);
    assert.doesNotMatch(await text(page), /Aaliyah/);
    visitor.clean();
    await visitor.close();
  });
}

test('somebody on the phone who lost everything is back in a minute later', async () => {
  const priya = await browser.visitor();
  await signIn(priya.page, ADVISER);
  await priya.page.getByRole('link', { name: 'Find them by name and date of birth' }).click();
  await priya.look('find-phone');
  await priya.page.getByLabel('Full name').fill('Samuel Whittle');
  for (const [part, value] of [['Day', '27'], ['Month', '3'], ['Year', '2008']]) {
    await priya.page.getByLabel(part, { exact: true }).fill(value);
  }
  await priya.page.getByRole('button', { name: 'Find' }).click();
  await priya.page.getByRole('link', { name: /^Give a code/ }).click();
  await priya.page.getByRole('button', { name: 'Make the code' }).click();
  await priya.look('give-code-wrong-phone');
  await priya.page.getByLabel('I called them back on a number we already had').check();
  await priya.page.getByLabel(/^I read it out now/).check();
  await priya.page.getByRole('button', { name: 'Make the code' }).click();
  await priya.look('code-given-phone');
  const code = (await priya.page.locator('.secret').first().innerText()).trim();
  assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);

  const sam = await browser.visitor({ script: false });
  await sam.page.goto('/sign-in');
  await sam.page.getByRole('link', { name: 'I cannot sign in' }).click();
  await sam.look('recover-phone');
  await sam.page.getByRole('link', { name: /^I have a code/ }).click();
  await sam.page.getByLabel('Your code').fill(code.toLowerCase());
  for (const [part, value] of [['Day', '27'], ['Month', '3'], ['Year', '2008']]) {
    await sam.page.getByLabel(part, { exact: true }).fill(value);
  }
  const passphrase = (await sam.page.locator('.note strong').innerText()).trim();
  await sam.page.getByLabel('Your passphrase').fill(passphrase);
  await sam.page.getByRole('button', { name: 'Join' }).click();
  assert.match(await text(sam.page), /Hello Sam/);
  await sam.page.goto('/me/account');
  await sam.look('account-after-reset-phone');
  assert.match(await text(sam.page), /reset on .* with a code from Priya Nair/);
  await sam.page.getByRole('button', { name: 'It was me' }).click();
  assert.doesNotMatch(await text(sam.page), /Priya Nair/);

  // A card, and back in with it.
  await sam.page.getByRole('link', { name: 'Make a card' }).click();
  await sam.look('make-card-phone');
  await sam.page.getByRole('button', { name: /make a card/ }).click();
  await sam.look('card-made-phone');
  const words = (await sam.page.locator('.secret').innerText()).trim();
  assert.equal(words.split(' ').length, 6);
  await sam.page.goto('/me/account');
  const username = (await sam.page.locator('dd').filter({ hasText: 'Change username' }).innerText()).split(' ')[0];
  await sam.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await sam.page.goto('/recover/card');
  await sam.look('recover-card-phone');
  await sam.page.getByLabel('Username').fill(username);
  await sam.page.getByLabel('The six words of your card').fill(words);
  await sam.page.getByLabel('Your passphrase').fill('seven quite different words here');
  await sam.page.getByRole('button', { name: 'Get back in' }).click();
  assert.match(await text(sam.page), /Hello Sam/);

  // No way in at all still ends with a form that reaches the team.
  const other = await browser.visitor({ script: false });
  await other.page.goto('/recover');
  await other.page.getByRole('link', { name: /^Ask for a code/ }).click();
  await other.look('cannot-sign-in-phone');
  await other.page.getByLabel(/^Who are you/).fill('Sam, 07700 900123');
  await other.page.getByLabel('What happened?').fill('I have lost my phone and my card');
  await other.page.getByRole('button', { name: 'Send' }).click();
  assert.match(await text(other.page), /We have your message/);
  await other.look('cannot-sign-in-sent-phone');
  await priya.page.goto('/work');
  await priya.page.getByRole('link', { name: /asked to be called/ }).click();
  await priya.look('calls-phone');
  await priya.page.getByRole('button', { name: 'I call them' }).first().click();
  assert.match(await text(priya.page), /You said that you call them/);
  for (const visitor of [priya, sam, other]) {
    visitor.clean();
    await visitor.close();
  }
});
