import { expect, open, test } from "./site.mjs";
import { LESSON } from "./settings.mjs";

test("the cards of a lesson come up the day after it was done, one at a time, and are put off by their answers", async ({ page }) => {
  await page.clock.install({ time: new Date(2026, 5, 1, 12) });
  await open(page, LESSON);
  await page.getByRole("button", { name: "Mark as done" }).click();
  await open(page, "review/");
  await expect(page.locator("#review-state")).toContainText("No card is due today. The next one comes up on 2026-06-02.");
  await page.clock.setFixedTime(new Date(2026, 5, 2, 12));
  await open(page, "review/");
  await expect(page.locator("#review-state")).toContainText("2 cards are due.");
  const card = page.locator("[data-card]:visible");
  await expect(card).toHaveCount(1);
  await card.getByRole("radio").first().check();
  await expect(card).toContainText("Not this time. It comes up again tomorrow.");
  await page.getByRole("button", { name: "Next card" }).click();
  await card.locator("[data-right] input").check();
  await expect(card).toContainText("Right. It comes up again tomorrow.");
  await page.getByRole("button", { name: "Next card" }).click();
  await expect(page.locator("#review-state")).toContainText("That was all for today.");
});
