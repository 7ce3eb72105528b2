import { expect, open, test } from "./site.mjs";
import { PAGES } from "./settings.mjs";

test("every page comes alive without a complaint, and runs no script that stands in it", async ({ page }) => {
  for (const path of PAGES.filter((path) => !path.startsWith("no/"))) {
    await open(page, path);
    await expect(page.locator("h1"), path).toHaveCount(1);
    await expect(page, path).toHaveTitle(/ · Armor Lab$/);
    const inline = await page.evaluate(() => [...document.scripts].filter((script) => !script.src && script.type !== "application/json").length);
    expect(inline, path).toBe(0);
  }
});

test("a page without a lab loads no program", async ({ page }) => {
  const programs = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm") && !request.serviceWorker()) programs.push(request.url());
  });
  for (const path of ["lessons/", "challenges/", "reference/", "reference/decoder/", "review/", "search/", "settings/"]) {
    await page.goto(path);
    await page.locator("html[data-live]").waitFor();
  }
  expect(programs).toEqual([]);
});

test("an unknown address is answered by a page that leads back", async ({ page, faults }) => {
  const [response] = await Promise.all([page.waitForResponse(/no\/such/), page.goto("no/such/page/")]);
  expect(response.status()).toBe(404);
  await page.locator("html[data-live]").waitFor();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.getByRole("main").getByRole("link").first().click();
  await page.locator("html[data-live]").waitFor();
  // The browser itself reports the status.
  expect(faults.splice(0)).toEqual([expect.stringContaining("404")]);
});
