// Opens pages of reports and of comparisons in Chromium and checks them: `node check_report.mjs PAGE.html [PAGE.html ...]`.
//
// Needs Debian's packages `chromium` and `poppler-utils` and npm's `playwright-core` and `axe-core`. Node finds the npm packages in
// `GENBENCH_NODE_MODULES`. With `GENBENCH_SCREENSHOTS=FOLDER` it leaves pictures of the pages there.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const modules = process.env.GENBENCH_NODE_MODULES;
const require = createRequire(modules ? join(resolve(modules), "any.js") : import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const screenshots = process.env.GENBENCH_SCREENSHOTS;
const scratch = mkdtempSync(join(tmpdir(), "genbench-report-"));
const problems = [];

/// Properties of the laid out page. Runs inside of the page.
const layout = () => {
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  const small = new Set();
  const outside = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("script, style, title, .sr") || !parent.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize) * (parent.ownerSVGElement?.viewBox.baseVal?.width ? 0 : 1);
    if (size < 11) small.add(`${size} px: ${node.textContent.trim().slice(0, 40)}`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    // Text in a scrolling region can be reached.
    if (box.width > 0 && !parent.closest(".scroll, pre") && (box.right > width + 1 || box.left < -1)) {
      outside.add(node.textContent.trim().slice(0, 40));
    }
  }
  if (small.size) found.push(`small text: ${[...small].slice(0, 5).join(" | ")}`);
  if (outside.size) found.push(`text outside of the window: ${[...outside].slice(0, 5).join(" | ")}`);
  const answer = document.querySelector("#answers");
  if (!answer || answer.getBoundingClientRect().top > 500) found.push("no answer on the first screen");
  // Pages of comparisons and of trends have other answers.
  const heads = [...document.querySelectorAll("#answers .answer.wide dt, #answers .overview th")];
  const cost = heads.find((head) => head.textContent.trim().toLowerCase() === "at what cost");
  if (width >= 768 && heads.length && !(cost?.getBoundingClientRect().top < 900)) found.push("no cost on the first screen");
  return found;
};

/// Texts of the page, also in folded parts, without tooltips and parts that are for screen readers or scripts.
const words = () => {
  document.querySelectorAll("details").forEach((part) => (part.open = true));
  document.querySelectorAll("title, .sr, nav").forEach((part) => part.remove());
  const parts = document.body.querySelectorAll("th, td, p, li, summary, figcaption, pre, h1, h2, h3");
  return [...parts].map((one) => one.textContent.trim());
};

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });

async function open(file, where, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(`${where}: console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${where}: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) problems.push(`${where}: request for ${request.url()}`);
  });
  await page.goto(url);
  return { page, context };
}

async function check(file) {
  const name = basename(file, ".html");
  for (const width of [1400, 768, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${name}, ${width} px, ${colorScheme}`;
      const { page, context } = await open(file, where, { viewport: { width, height: 900 }, colorScheme });
      problems.push(...(await page.evaluate(layout)).map((text) => `${where}: ${text}`));
      if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`) });
      await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
      problems.push(...(await page.evaluate(layout)).map((text) => `${where}, all parts open: ${text}`));
      if (width !== 768) {
        // The content security policy of the page allows no other script; the test runs outside of it.
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const one of violations) {
          problems.push(`${where}: axe: ${one.id}, ${one.nodes.length} times: ${one.nodes[0].html.slice(0, 160)}`);
        }
      }
      await context.close();
    }
  }
  // A page without scripts has nothing that scripts could change.
  if (/<script/.test(readFileSync(file, "utf8"))) await scripts(file, name);
  await print(file, name);
}

/// Sorting and filtering work, and the page has the same words without scripts.
async function scripts(file, name) {
  const { page, context } = await open(file, `${name}, scripts on`, { viewport: { width: 1400, height: 900 } });
  const head = page.locator("table.sort thead button").first();
  if (await head.count()) {
    await head.click();
    const sorted = await head.evaluate((button) => button.closest("th").getAttribute("aria-sort"));
    if (sorted !== "ascending") problems.push(`${name}: a click does not sort the table`);
  }
  await page.fill("input[type=search]", "no such variant");
  const shown = await page.locator("tr[data-v]:visible").count();
  if (shown > 0) problems.push(`${name}: ${shown} rows are shown that the filter excludes`);
  await page.fill("input[type=search]", "");
  await curves(page, name);
  const withScripts = new Set(await page.evaluate(words));
  await context.close();
  const off = await open(file, `${name}, scripts off`, { javaScriptEnabled: false, viewport: { width: 1400, height: 900 } });
  // The test itself may still evaluate code.
  const without = new Set(await off.page.evaluate(words));
  const lost = [...withScripts].filter((text) => !without.has(text));
  if (lost.length) problems.push(`${name}: without scripts there is no ${lost.slice(0, 3).join(" | ")}`);
  await off.context.close();
}

/// Learning curves change their scales with the keyboard, and the first choice draws the page as it was.
async function curves(page, name) {
  const selects = page.locator(".curves").first().locator("select");
  if (!(await selects.count())) return;
  const paths = () => page.$$eval(".curves", (all) => [...all[0].querySelectorAll("svg.curve [data-images] path")].map((path) => path.getAttribute("d")));
  const ticks = () => page.$$eval(".curves", (all) => [...all[0].querySelectorAll("svg.curve [data-scale]:not(.hidden) text")].map((text) => [text.textContent, text.getAttribute("x"), text.getAttribute("y")].join(" ")).join("|"));
  const [drawn, drawnTicks] = [await paths(), await ticks()];
  for (const at of [0, 1]) {
    const select = selects.nth(at);
    const choices = await select.locator("option").count();
    await select.focus();
    let isChanged = false;
    for (let choice = 1; choice < choices; choice += 1) {
      await page.keyboard.press("ArrowDown");
      const now = await paths();
      if (now.some((path) => /NaN|Infinity|undefined/.test(path))) problems.push(`${name}: a curve has points that are no numbers`);
      isChanged ||= (await ticks()) !== drawnTicks;
    }
    if (choices > 1 && !isChanged) problems.push(`${name}: choice ${at + 1} of the curves changes nothing`);
    for (let choice = 1; choice < choices; choice += 1) await page.keyboard.press("ArrowUp");
  }
  if (String(await paths()) !== String(drawn) || (await ticks()) !== drawnTicks) problems.push(`${name}: the first choice does not restore the curves`);
}

/// The PDF has every word of the page, and no text beyond the margins of the paper.
async function print(file, name) {
  const { page, context } = await open(file, `${name}, print`, { viewport: { width: 1400, height: 900 } });
  const pdf = join(screenshots ?? scratch, `${name}.pdf`);
  await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
  await page.emulateMedia({ media: "print" });
  const expected = await page.evaluate(words);
  await context.close();
  const text = execFileSync("pdftotext", ["-raw", pdf, "-"], { maxBuffer: 1 << 28 }).toString();
  const plain = (text) => text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  const printed = plain(text);
  // A long text may continue on the next page, after other cells of its row.
  const cut = expected.filter((text) => plain(text).length > 3 && plain(text).length < 30 && !printed.includes(plain(text)));
  if (cut.length) problems.push(`${name}, print: ${cut.length} texts are missing: ${[...new Set(cut)].slice(0, 8).join(" | ")}`);
  const boxes = execFileSync("pdftotext", ["-bbox", pdf, "-"], { maxBuffer: 1 << 28 }).toString();
  const page_width = Number(boxes.match(/<page width="([\d.]+)"/)[1]);
  const outside = [...boxes.matchAll(/<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="[-\d.]+">([^<]*)</g)].filter(
    ([, left, right]) => Number(left) < 10 || Number(right) > page_width - 10,
  );
  if (outside.length) problems.push(`${name}, print: ${outside.length} words beyond the margin: ${outside.slice(0, 8).map((one) => one[3]).join(" | ")}`);
}

for (const file of process.argv.slice(2)) await check(resolve(file));
await browser.close();
rmSync(scratch, { recursive: true });
for (const problem of problems) console.log(problem);
console.log(problems.length ? `${problems.length} problems` : "no problem");
process.exit(problems.length ? 1 : 0);
