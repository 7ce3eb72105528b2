import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { BASE, ORIGIN } from "./settings.mjs";

const DIST = new URL("../../dist/", import.meta.url);

/** The pages below a folder of the site, as addresses relative to its root. */
function pages(folder = "") {
  return readdirSync(new URL(folder, DIST), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return pages(`${folder}${entry.name}/`);
    return entry.name.endsWith(".html") ? [`${folder}${entry.name}`] : [];
  });
}

const HTML = new Map(pages().map((page) => [page, readFileSync(new URL(page, DIST), "utf8")]));
const plain = (text) => text.replaceAll("&amp;", "&").replaceAll("&#x27;", "'");

/** What is wrong with where a link of a page leads; nothing when it leads to another host. */
function fault(page, href) {
  const to = new URL(plain(href), `${ORIGIN}${BASE}${page}`);
  if (to.origin !== ORIGIN) return to.protocol === "https:" || to.protocol === "http:" ? undefined : "is no address of a page";
  if (!to.pathname.startsWith(BASE)) return "leads out of the site";
  const path = decodeURIComponent(to.pathname.slice(BASE.length));
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  if (!existsSync(new URL(file, DIST)) || statSync(new URL(file, DIST)).isDirectory()) return "leads nowhere";
  const anchor = decodeURIComponent(to.hash.slice(1));
  // A fragment with `=` carries a state and names no place.
  if (anchor === "" || anchor.includes("=")) return undefined;
  return HTML.get(file)?.includes(` id="${anchor}"`) ? undefined : "names no place of its page";
}

test("every link of every page leads somewhere", () => {
  let count = 0;
  const faults = [];
  for (const [page, html] of HTML) {
    for (const [, href] of html.matchAll(/<a [^>]*?href="([^"]*)"/g)) {
      count += 1;
      const what = fault(page, href);
      if (what) faults.push(`${page}: ${href} ${what}`);
    }
  }
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(HTML.size);
});

test("everything that is found by searching is there", () => {
  const found = JSON.parse(readFileSync(new URL("search.json", DIST), "utf8"));
  expect(found.map(({ at }) => [at, fault("index.html", at)]).filter(([, what]) => what)).toEqual([]);
});

test("no page has one id twice", () => {
  const twice = [...HTML].flatMap(([page, html]) => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${page}: ${id}`);
  });
  expect(twice).toEqual([]);
});
