// A demo and a browser for the promises of one file: each file runs in a process of its own.

import { after } from 'node:test';
import { Browser } from './browser.mjs';
import { Portal } from './portal.mjs';

export const portal = await Portal.demo();
export const browser = await Browser.open(portal);

after(async () => {
  await browser.close();
  await portal.stop();
});
