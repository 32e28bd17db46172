// Opens reports in a browser at three widths, in light and dark, with and without scripts, and
// fails unless a reader with a mouse, with a keyboard or with a screen reader can use them.
//
// Usage: node look.mjs CHROMIUM PICTURES PAGE...
// PICTURES is a folder for screenshots, or - for none.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {basename, dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {readFileSync} from 'node:fs';
import {chromium} from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [400, 1000, 1600];
const [executablePath, pictures, ...pages] = process.argv.slice(2);

const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
try {
  // Whoever fails first ends all; a page waits for nobody else.
  await Promise.all(pages.map(async file => {
    for (const width of WIDTHS) {
      for (const scheme of ['light', 'dark']) {
        await look(file, width, scheme);
      }
    }
    await withoutScripts(file);
  }));
} finally {
  await browser.close();
}

/** Opens a page, and hears all that it says and asks for. */
async function open(file, options) {
  const context = await browser.newContext(options);
  await context.grantPermissions([]);
  const page = await context.newPage();
  const heard = [];
  const address = pathToFileURL(resolve(file)).href;
  page.on('console', message => heard.push('console: ' + message.text()));
  page.on('pageerror', error => heard.push('error: ' + error.message));
  page.on('request', request => {
    if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) {
      heard.push('request: ' + request.url());
    }
  });
  await page.goto(address);
  return {page, heard, close: () => context.close()};
}

async function look(file, width, scheme) {
  const where = basename(dirname(resolve(file))) + '/' + basename(file) + ', ' + width + ' px, ' + scheme;
  const {page, heard, close} = await open(file, {viewport: {width, height: 900}, colorScheme: scheme});
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (pictures !== '-') {
    await page.screenshot({
      path: join(pictures, where.replaceAll(/[/, ]+/g, '-') + '.png'), fullPage: true});
  }

  // What is folded has to fit and to be legible, too.
  await page.evaluate(() => document.querySelectorAll('details').forEach(fold => { fold.open = true; }));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width,
    where + ': scrolls to the side');
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(dark === 'rgb(255, 255, 255)', scheme === 'light', where + ': its paper is ' + dark);
  await checkWithAxe(page, where);

  // What keys and pointers do is the same in the dark.
  if (scheme === 'light') {
    await page.evaluate(() => document.querySelectorAll('details').forEach(fold => { fold.open = false; }));
    await reachByKeys(page, where);
    if (await page.locator('#results-table').count()) {
      await sortAndSearch(page, width, where);
    }
    if (await page.locator('#explorer').count()) {
      await explore(page, where);
    }
    await copy(page, where);
  }
  assert.deepEqual(heard, [], where);
  console.log(where + ': ' + height + ' px high');
  await close();
}

async function checkWithAxe(page, where) {
  await page.evaluate(AXE);
  const {violations} = await page.evaluate(() => axe.run(document, {resultTypes: ['violations']}));
  assert.deepEqual(
    violations.map(v => v.impact + ': ' + v.help + ' at '
      + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' and ')),
    [], where + ': an accessibility checker finds');
}

/** Goes through the page by the tabulator key: all that can be used is met, and is seen to be. */
async function reachByKeys(page, where) {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll(
      'a[href], button, input, select, summary, [tabindex="0"]')]
      .filter(e => e.checkVisibility({checkVisibilityCSS: true}) && e.tabIndex >= 0);
    all.forEach((e, i) => { e.dataset.wanted = i; });
    document.activeElement.blur();
    getSelection().removeAllRanges();
    return all.map(e => e.tagName + ' ' + (e.getAttribute('aria-label') || e.textContent || e.id).slice(0, 40));
  });
  const met = new Set();
  for (let i = 0; i < wanted.length + 5 && met.size < wanted.length; i++) {
    await page.keyboard.press('Tab');
    const [number, outline] = await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      return [e.dataset.wanted, style.outlineStyle === 'none' || style.outlineWidth === '0px' ? '' : style.outlineStyle];
    });
    if (number !== undefined) {
      met.add(Number(number));
      assert.notEqual(outline, '', where + ': no outline shows the focus of ' + wanted[Number(number)]);
    }
  }
  assert.deepEqual(wanted.filter((_, i) => !met.has(i)), [], where + ': the keyboard does not reach');
}

async function sortAndSearch(page, width, where) {
  const column = name => page.evaluate(title => {
    const table = document.getElementById('results-table');
    const place = [...table.tHead.rows[0].cells].findIndex(c => c.textContent === title);
    return [...table.tBodies[0].rows].filter(r => r.checkVisibility())
      .map(r => r.cells[place].textContent.replace('\u2212', '-').replaceAll(',', '').trim());
  }, name);
  const names = await column('Model');
  const search = page.getByRole('searchbox');
  await search.fill(names[0].split(' ')[0]);
  const found = await column('Model');
  assert.ok(found.length > 0 && found.every(n => n.includes(names[0].split(' ')[0])), where + ': search shows ' + found);
  await search.fill('no such model');
  assert.deepEqual(await column('Model'), [], where + ': search');
  await search.fill('');
  assert.deepEqual(await column('Model'), names, where + ': an empty search');

  if (width > 960) {
    const button = page.locator('#results-table').getByRole('button', {name: 'Parameters'});
    for (const [direction, sign] of [['descending', -1], ['ascending', 1]]) {
      await button.focus();
      await page.keyboard.press('Enter');
      const values = (await column('Parameters')).map(Number);
      assert.deepEqual(values, [...values].sort((a, b) => sign * (a - b)), where + ': ' + direction);
      assert.equal(await page.locator('#results-table th[aria-sort]').getAttribute('aria-sort'), direction, where);
    }
  } else {
    await page.getByLabel('Sort by').selectOption('Parameters');
    const values = (await column('Parameters')).map(Number);
    assert.deepEqual(values, [...values].sort((a, b) => b - a), where + ': sorted cards');
    await page.getByLabel('Sort by').selectOption('');
    assert.deepEqual(await column('Model'), names, where + ': as published');
  }
  const hyphens = await page.evaluate(() => [...document.querySelectorAll('.k-number, .chart text')]
    .map(e => e.textContent).filter(t => /(^|[\s[(])-\d/.test(t)));
  assert.deepEqual(hyphens, [], where + ': hyphens for minus');
}

async function explore(page, where) {
  const slider = page.getByRole('slider');
  const now = async () => Number(await slider.getAttribute('aria-valuenow'));
  const last = Number(await slider.getAttribute('aria-valuemax'));
  assert.equal(await now(), last, where);
  await slider.focus();
  await page.keyboard.press('Home');
  assert.equal(await now(), 1, where);
  await page.keyboard.press('ArrowRight');
  assert.equal(await now(), Math.min(2, last), where);
  assert.match(await slider.getAttribute('aria-valuetext'), /^Epoch \d+: \S+, validation [\d.]+ ± [\d.]+; /, where);

  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  await page.mouse.move(box.x + box.width - 8, box.y + box.height / 2);
  assert.equal(await now(), last, where + ': under the pointer');
  const readout = page.locator('.readout');
  const accuracy = await readout.textContent();
  await page.getByLabel('Shown').selectOption('loss');
  assert.notEqual(await readout.textContent(), accuracy, where + ': loss');
  const drawn = () => page.locator('.plot path.line').count();
  const lines = await drawn();
  await page.getByLabel('training').uncheck();
  assert.equal(await drawn(), lines / 2, where + ': without training');
  const other = await page.locator('#curve-second option').last().getAttribute('value');
  await page.getByLabel('beside').selectOption(other);
  assert.ok((await drawn()) >= lines / 2, where + ': beside');
  await page.getByLabel('bands').uncheck();
  assert.equal(await page.locator('.plot path.band').count(), 0, where + ': bands');
}

async function copy(page, where) {
  const button = page.locator('code.copy + button').first();
  if (await button.count()) {
    await button.click();
    await page.waitForFunction(e => e.textContent !== 'Copy', await button.elementHandle());
    assert.match(await button.textContent(), /^(Copied|Selected)$/, where);
  }
}

/** Without scripts a page says the same; what only scripts can do is not there. */
async function withoutScripts(file) {
  const where = file + ', without scripts';
  const {page: able, close: closeAble} = await open(file, {viewport: {width: 1000, height: 900}});
  const said = await able.evaluate(() => document.querySelector('main').textContent.length);
  await closeAble();
  const {page, heard, close} = await open(file, {viewport: {width: 400, height: 900}, javaScriptEnabled: false});
  assert.equal(await page.locator('button, input, select').count(), 0, where + ': controls that do nothing');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400, where);
  const left = await page.evaluate(() => document.querySelector('main').textContent.length);
  assert.ok(left > 0.8 * said, where + ': ' + left + ' of ' + said + ' letters are left');
  assert.deepEqual(heard, [], where);
  await close();
}
