import { expect, open, test } from "./site.mjs";

test("a word is found in lessons, diagnostics and the glossary, and the result leads there", async ({ page }) => {
  await open(page, "search/");
  await page.getByRole("searchbox").fill("quiet deny");
  await expect(page.locator("#search-told")).toContainText(/\d+ places?/);
  await expect(page.locator("#found")).toContainText("Lesson");
  await page.getByRole("searchbox").fill("AA0103");
  const found = page.locator("#found a").first();
  await expect(found).toContainText("AA0103");
  await found.click();
  await expect(page).toHaveURL(/reference\/diagnostics\/#AA0103$/);
  await expect(page.locator("#AA0103")).toContainText("Every rule ends with a comma");
});

test("a search that finds nothing says so, and can be passed on as an address", async ({ page }) => {
  await open(page, "search/?q=zzzznothing");
  await expect(page.locator("#search-told")).toContainText("Nothing has “zzzznothing” in it.");
});
