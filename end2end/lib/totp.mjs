// The code generator on a phone (RFC 6238), written apart from the program's.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The six numbers of a key in base32, at a time in milliseconds. */
export function totp(key, at = Date.now()) {
  const bits = [...key.replaceAll(' ', '')].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const from = mac.at(-1) & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Staff who join: the app on their phone takes the key, and shows the first code. */
export async function setUpGenerator(visitor) {
  const { page } = visitor;
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Set up your codes');
  await page.getByLabel('Code from your app').fill('12345');
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.match(await page.title(), /^Error: /);
  await visitor.look('set-up-codes-wrong-phone');
  await page.waitForTimeout(1_100);
  await page.getByLabel('Code from your app').fill(totp(await page.locator('.secret').innerText()));
  await page.getByRole('button', { name: 'Continue' }).click();
}
