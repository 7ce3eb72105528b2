import { expect, open, test } from "./site.mjs";
import { PAGES } from "./settings.mjs";

for (const path of PAGES) {
  test(`/${path} comes alive without a complaint`, async ({ page }) => {
    await open(page, path);
    await expect(page.locator("h1")).toHaveCount(1);
    await expect(page).toHaveTitle(/ · Armor Lab$/);
    await page.waitForTimeout(500);
  });
}

test("no page has an inline script", async ({ page }) => {
  await open(page);
  expect(await page.evaluate(() => [...document.scripts].filter((script) => !script.src).length)).toBe(0);
});
