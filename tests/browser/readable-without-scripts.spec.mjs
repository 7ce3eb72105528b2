import { expect, test } from "@playwright/test";
import { LESSON, PAGES } from "./settings.mjs";

test.use({ javaScriptEnabled: false });

test("every page can be read with scripts off", async ({ page }) => {
  for (const path of PAGES) {
    await page.goto(path);
    await expect(page.locator("h1"), path).toBeVisible();
    await expect(page, path).toHaveTitle(/ · Armor Lab$/);
  }
});

test("a lesson has its prose, its files and its answers with scripts off", async ({ page }) => {
  await page.goto(LESSON);
  await expect(page.locator("article").first()).toContainText("The rule is about the place.");
  await expect(page.getByRole("textbox", { name: "k8s-deny-data, text of the file" })).toHaveValue(/deny \/data\/\*\* w,/);
  await page.getByText("What happens", { exact: true }).click();
  await expect(page.locator("#prediction")).toContainText("The kernel answers EACCES".replace("The kernel", "On ubuntu the kernel"));
});
