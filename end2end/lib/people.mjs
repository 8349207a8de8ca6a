// Who the demo holds, and how anyone signs in.

import assert from 'node:assert/strict';

/** Printed by `portal demo` when it starts. */
export const PASSPHRASE = 'maple kettle violin harbour';
export const SAM = 'amber-otter-42';
export const AALIYAH = 'quiet-river-17';
export const ADVISER = 'demo-adviser';
export const EDITOR = 'demo-editor';
export const MANAGER = 'demo-manager';

export async function signIn(page, username, passphrase = PASSPHRASE) {
  await page.goto('/sign-in');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Passphrase').fill(passphrase);
  await page.getByRole('button', { name: 'Sign in' }).click();
  assert.doesNotMatch(page.url(), /sign-in/, `${username} is signed in`);
}
