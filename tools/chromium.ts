/** Brings the browser for the tests of pages and says where it is; `make test` does the same by itself. */
import { chromium } from './test-run/chromium.ts';

console.log(await chromium(process.env));
