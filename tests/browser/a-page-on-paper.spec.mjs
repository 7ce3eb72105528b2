import { expect, open, predict, test } from "./site.mjs";
import { LESSON } from "./settings.mjs";

test("on paper there is the text and every verdict, and nothing to press", async ({ page }) => {
  await open(page, LESSON);
  await predict(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("article").first()).toBeVisible();
  await expect(page.locator("#node-ubuntu")).toBeVisible();
  for (const gone of ["header.top", "footer.foot", ".fleet", "#check", "#reset"]) await expect(page.locator(gone).first()).toBeHidden();
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});
