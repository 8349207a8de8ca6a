// Who the demo holds, and how anyone signs in.

import assert from 'node:assert/strict';
import { portalAt } from './portal.mjs';

/** Printed by `portal demo` when it starts. */
export const PASSPHRASE = 'maple kettle violin harbour';
export const SAM = 'amber-otter-42';
export const AALIYAH = 'quiet-river-17';
export const ADVISER = 'demo-adviser';
export const EDITOR = 'demo-editor';
export const MANAGER = 'demo-manager';

export const ADMIN = 'demo-admin';
export const COVER = 'demo-cover';

/** What young people of the demo sign in with; the others are staff. */
const YOUNG = [SAM, AALIYAH];

/** Types username and passphrase, and what proves besides that it is them. */
export async function signIn(page, username, { passphrase = PASSPHRASE, own = false } = {}) {
  if (await isIn(page, username)) return;
  await firstDoor(page, username, passphrase);
  if (YOUNG.includes(username)) await page.goto('/sign-in/second?next=/me');
  await prove(page, username, { own });
  assert.doesNotMatch(page.url(), /sign-in/, `${username} is signed in`);
  const { origin } = new URL(page.url());
  if (!YOUNG.includes(username)) (portalAt(origin).visits ??= {})[username] = await page.context().cookies(origin);
}

/** Six numbers come once in half a minute: a worker who is signed in goes on with that, as with another tab. */
async function isIn(page, username) {
  await page.goto('/sign-in');
  const visit = portalAt(new URL(page.url()).origin).visits?.[username];
  if (!visit) return false;
  await page.context().addCookies(visit);
  // The way in leads who is in already to their own pages.
  await page.goto('/sign-in');
  return !/sign-in/.test(page.url());
}

/** Username and passphrase alone. */
export async function firstDoor(page, username, passphrase = PASSPHRASE) {
  await page.goto('/sign-in');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Types the code that the demo prints for somebody. Six numbers work once: the next come in half a minute. */
export async function prove(page, username, { own = false } = {}) {
  const portal = portalAt(new URL(page.url()).origin);
  const box = page.getByLabel(/^(Your code|Code from your app)/);
  for (const until = Date.now() + 75_000; ; await new Promise((done) => setTimeout(done, 3_000))) {
    const code = (await portal.run('demo-code', username)).trim();
    if (portal.used?.[username] !== code) {
      (portal.used ??= {})[username] = code;
      await box.fill(code);
      if (own) await page.getByLabel('This is my own phone').check();
      await page.getByRole('button', { name: 'Continue' }).click();
      return;
    }
    if (Date.now() > until) throw new Error(`no new code for ${username}`);
  }
}

/** Signs out in a second tab and comes back to the first. */
export async function signOutElsewhere({ context, page }) {
  const other = await context.newPage();
  await other.goto('/me');
  await other.getByRole('button', { name: 'Sign out' }).click();
  // Left open: Chromium now and then never ends the closing of a tab whose page has only just come.
  await other.waitForLoadState();
  await page.bringToFront();
}
