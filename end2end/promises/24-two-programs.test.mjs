// Two programs on one PostgreSQL, as behind a balancer: what is written at one shows at the other by itself, and
// whoever loses theirs goes on at the other.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Browser, DESK } from '../lib/browser.mjs';
import { ADVISER, SAM, signIn } from '../lib/people.mjs';
import { Portal } from '../lib/portal.mjs';
import { Postgres } from '../lib/postgres.mjs';

const postgres = await Postgres.start();
const DATABASE_URL = await postgres.database('two');
const one = await Portal.demo({ DATABASE_URL });
// The same keys: what one seals the other opens.
const other = await Portal.demo({ DATABASE_URL, DATA_DIR: one.folder });
const [atOne, atOther] = [await Browser.open(one), await Browser.open(other)];

after(async () => {
  await Promise.all([atOne.close(), atOther.close()]);
  await Promise.all([one.stop(), other.stop()]);
  await postgres.stop();
});

test('what is written at one program shows at the other by itself, and either goes on alone', async () => {
  const sam = await atOne.visitor();
  await signIn(sam.page, SAM);
  await sam.page.goto('/me/messages');
  const worker = await atOther.visitor({ size: DESK });
  await signIn(worker.page, ADVISER);
  await worker.page.goto('/work');

  const box = sam.page.getByLabel('Write to Priya Nair');
  await box.fill('written at one program');
  await sam.page.getByRole('button', { name: 'Send' }).click();
  await sam.page.locator('.flash').waitFor();
  await worker.page.getByRole('link', { name: /^Sam/ }).first().click();
  await worker.page.getByRole('heading', { name: /Messages with Sam/ }).waitFor();
  await worker.page.locator('.thread .msg', { hasText: 'written at one program' }).waitFor();

  // What is being typed stays where it is while the answer comes.
  await box.fill('half a sentence');
  await worker.page.getByLabel(/^Answer|^Write to Sam/).first().fill('answered at the other');
  await worker.page.getByRole('button', { name: 'Send' }).first().click();
  await worker.page.locator('.flash').waitFor();
  await sam.page.locator('.thread .theirs', { hasText: 'answered at the other' }).waitFor();
  assert.equal(await box.inputValue(), 'half a sentence');
  const mine = sam.page.locator('.thread .mine', { hasText: 'written at one program' });
  await mine.filter({ hasText: 'Answered' }).waitFor();
  await sam.look('two-programs-young-person');
  await worker.look('two-programs-worker');
  await sam.page.getByText('Kept as a draft.').waitFor();
  sam.clean();
  worker.clean();

  // The program that Sam was at is gone: the same visit goes on at the other, with what was typed.
  const visit = await sam.context.cookies();
  await sam.close();
  one.process.kill('SIGKILL');
  await one.ended;
  const moved = await atOther.visitor();
  await moved.context.addCookies(visit);
  await moved.page.goto('/me/messages');
  assert.equal(await moved.page.getByLabel('Write to Priya Nair').inputValue(), 'half a sentence');
  await moved.page.getByRole('button', { name: 'Send' }).click();
  await moved.page.locator('.flash').waitFor();
  await worker.page.locator('.thread .msg', { hasText: 'half a sentence' }).waitFor();
  await moved.look('two-programs-moved');
  await moved.close();
  await worker.close();
});
