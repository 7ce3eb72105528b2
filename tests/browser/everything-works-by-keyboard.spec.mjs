import { expect, open, node, test } from "./site.mjs";
import { LESSON } from "./settings.mjs";

/** Presses Tab until the element has the focus; the code editor is left as its page says, by Escape first. */
async function tabTo(page, locator, most = 80) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    if (await page.evaluate(() => document.activeElement?.classList.contains("rich"))) await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
  }
  throw new Error("the focus never came there");
}

test("lesson 1 and its lab are done without a mouse", async ({ page }) => {
  await open(page, LESSON);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  const options = page.locator("#prediction").getByRole("radio");
  await tabTo(page, options.first());
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(1)).toBeChecked();
  await tabTo(page, page.getByRole("button", { name: "Show what happens" }));
  await page.keyboard.press("Enter");
  await expect(node(page, "ubuntu")).toBeVisible();
  // A row of the trace opens and closes.
  const row = page.locator('[id^="row-ubuntu-"] summary').first();
  await tabTo(page, row, 160);
  await page.keyboard.press("Enter");
  await expect(page.locator('[id^="row-ubuntu-"] details').first()).toHaveAttribute("open", "");
  const input = page.locator("#terminal-input");
  await tabTo(page, input, 160);
  await page.keyboard.type("uname -s");
  await page.keyboard.press("Enter");
  await expect(page.locator("#terminal-output")).toContainText("Linux");
});
