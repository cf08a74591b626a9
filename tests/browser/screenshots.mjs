// Takes a picture of the first screen of each page: `node screenshots.mjs FOLDER` writes FOLDER/NAME.png for each
// FOLDER/NAME/report.html. It needs Debian's `chromium`, and npm's `playwright-core` in `GENBENCH_NODE_MODULES`.
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/// Largest size of a picture, in bytes.
const LARGEST = 150_000;
const modules = process.env.GENBENCH_NODE_MODULES;
const require = createRequire(modules ? join(resolve(modules), "any.js") : import.meta.url);
const { chromium } = require("playwright-core");
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const folder = resolve(process.argv[2] ?? "docs/gallery");
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "report.html")));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1000, height: 700 }, colorScheme: "light" });
let failed = names.length === 0;
for (const name of names) {
  await page.goto(pathToFileURL(join(folder, name, "report.html")).href);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`${name}.png: ${size} bytes${size > LARGEST ? `, more than ${LARGEST}` : ""}`);
  failed ||= size > LARGEST;
}
await browser.close();
process.exit(failed ? 1 : 0);
