// Takes a picture of every page in every size and theme.
// usage: node screenshots.mjs FOLDER (the site in dist, built for /)
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { CHROMIUM, CHROMIUM_OPTIONS, LESSON, ORIGIN, PAGES, PORT } from "./settings.mjs";
import { predict } from "./site.mjs";

const WIDTHS = { 390: 844, 820: 1180, 1440: 900 };
const folder = resolve(process.argv[2]);
mkdirSync(folder, { recursive: true });

const here = dirname(fileURLToPath(import.meta.url));
const server = spawn("node", [join(here, "serve.mjs"), join(here, "../../dist"), "/", String(PORT)], { stdio: ["ignore", "pipe", "inherit"] });
await once(server.stdout, "data");
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_OPTIONS });
try {
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ colorScheme, reducedMotion: "reduce", viewport: { width: Number(width), height } });
      const page = await context.newPage();
      for (const path of PAGES) {
        await page.goto(`${ORIGIN}/${path}`);
        await page.locator("html[data-live]").waitFor();
        if (path === LESSON) await predict(page);
        await page.evaluate(() => {
          // A picture of a whole page shows what is out of sight too.
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { content-visibility: visible !important }");
          document.adoptedStyleSheets.push(sheet);
          return document.fonts.ready;
        });
        const name = path.replace(/\/$/, "").replaceAll("/", "-") || "home";
        const file = join(folder, `${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: true });
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.kill();
}
