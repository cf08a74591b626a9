// Takes a picture of the first screen of each page: `node screenshots.mjs FOLDER` writes FOLDER/NAME.png for each
// FOLDER/NAME/report.html, and FOLDER/NAME-PART.png of parts and forms of one page. It needs Debian's `chromium` and `poppler-utils`,
// and npm's `playwright-core` in `GENBENCH_NODE_MODULES`.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/// Largest size of a picture, in bytes.
const LARGEST = 150_000;
/// The page whose parts and forms have pictures, too.
const IN_PARTS = "models_digits";
const modules = process.env.GENBENCH_NODE_MODULES;
const require = createRequire(modules ? join(resolve(modules), "any.js") : import.meta.url);
const { chromium } = require("playwright-core");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const folder = resolve(process.argv[2] ?? "docs/gallery");
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "report.html")));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let failed = names.length === 0;

/// Opens the page in a window, takes a picture with `take`, and checks its size.
async function picture(name, suffix, options, take) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, colorScheme: "light", ...options });
  await page.goto(pathToFileURL(join(folder, name, "report.html")).href);
  const path = join(folder, `${name}${suffix}.png`);
  await take(page, path);
  await page.close();
  const { size } = statSync(path);
  console.log(`${name}${suffix}.png: ${size} bytes${size > LARGEST ? `, more than ${LARGEST}` : ""}`);
  failed ||= size > LARGEST;
}

const screen = (page, path) => page.screenshot({ path });
const element = (selector) => (page, path) => page.locator(selector).first().screenshot({ path });

/// The first printed page.
async function print(page, path) {
  const pdf = path.replace(/png$/, "pdf");
  await page.pdf({ path: pdf, format: "A4" });
  execFileSync("pdftoppm", ["-png", "-r", "60", "-f", "1", "-singlefile", pdf, path.replace(/\.png$/, "")]);
  rmSync(pdf);
}

for (const name of names) await picture(name, "", {}, screen);
if (names.includes(IN_PARTS)) {
  await picture(IN_PARTS, "-intervals", {}, element("figure.intervals"));
  await picture(IN_PARTS, "-verdicts", {}, element(".scroll:has(table.matrix)"));
  await picture(IN_PARTS, "-costs", {}, element("figure.plot"));
  await picture(IN_PARTS, "-phone", { viewport: { width: 390, height: 800 } }, screen);
  await picture(IN_PARTS, "-dark", { colorScheme: "dark" }, screen);
  await picture(IN_PARTS, "-print", {}, print);
}
await browser.close();
process.exit(failed ? 1 : 0);
