// Where the site is served for the tests, and the browser that looks at it.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The folder that the site was built for (`--public-url`). */
export const BASE = process.env.SITE_BASE ?? "/";
export const PORT = Number(process.env.SITE_PORT ?? "8090");
export const ORIGIN = `http://127.0.0.1:${PORT}`;

/** The system's browser: Playwright's own download is not used. */
export const CHROMIUM = process.env.CHROMIUM ?? (process.env.PATH ?? "").split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find((file) => existsSync(file));

/** The sandbox cannot be set up by root, as in containers; nothing foreign is opened here. */
export const CHROMIUM_OPTIONS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const LESSON = "lessons/two-guards/";
export const GUIDED_RUN = "lessons/the-experiment/";
export const PLAYGROUND = "playground/";
export const ATTACK = "challenges/attack-a-folder/";
export const DEFEND = "challenges/defend-a-web-server/";
export const DECODER = "reference/decoder/";

/** The pages of the reference. */
export const TABLES = ["decoder", "permissions", "rules", "syscalls", "start", "nodes", "diagnostics", "glossary"].map((name) => `reference/${name}/`);

/** Every kind of page, below the base. */
export const PAGES = [
  "", "lessons/", LESSON, GUIDED_RUN, PLAYGROUND, "challenges/", ATTACK, DEFEND, "reference/", ...TABLES,
  "capstone/", "review/", "search/", "settings/", "embed/two-guards/", "no/such/page/",
];
