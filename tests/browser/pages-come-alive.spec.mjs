import { expect, open, test } from "./site.mjs";
import { PAGES } from "./settings.mjs";

for (const path of PAGES.filter((path) => !path.startsWith("no/"))) {
  test(`/${path} comes alive without a complaint`, async ({ page }) => {
    await open(page, path);
    await expect(page.locator("h1")).toHaveCount(1);
    await expect(page).toHaveTitle(/ · Armor Lab$/);
    await page.waitForTimeout(300);
  });
}

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

test("no page runs a script that stands in it", async ({ page }) => {
  for (const path of PAGES.filter((path) => !path.startsWith("no/"))) {
    await open(page, path);
    const inline = await page.evaluate(() => [...document.scripts].filter((script) => !script.src && script.type !== "application/json").length);
    expect(inline).toBe(0);
  }
});
