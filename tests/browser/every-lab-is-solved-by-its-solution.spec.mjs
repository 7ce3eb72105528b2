import { edit, expect, open, predict, test } from "./site.mjs";
import { CHALLENGES, LESSONS } from "./course.mjs";

for (const { slug, page: path, solution } of LESSONS) {
  test(`the lesson ${slug} asks first, begins unsolved and is solved by its solution`, async ({ page }) => {
    await open(page, path);
    await predict(page);
    const task = page.getByRole("region", { name: "Your task" });
    const status = task.getByRole("status");
    const check = task.getByRole("button", { name: "Check my answer" });
    await check.click();
    await expect(status).toContainText(/^\d+ of \d+ hold\.$/);
    for (const { file, text } of solution) await edit(page, file, () => text);
    await check.click();
    await expect(status).toContainText("All of it holds.");
    // What it also had to survive is shown now, and nothing of all that fails.
    await expect(task.getByRole("heading", { name: "What it also had to survive" })).toBeVisible();
    await expect(task.locator(".goal .no")).toHaveCount(0);
    expect(await task.locator(".goal").last().locator(".ok").count()).toBeGreaterThanOrEqual(3);
  });
}

for (const { slug, page: path, solution } of CHALLENGES) {
  test(`the challenge ${slug} begins unsolved and is solved by its solution with all points`, async ({ page }) => {
    await open(page, path);
    const goals = page.locator("#goals");
    const score = page.locator(".score");
    const attempt = page.locator("#check");
    await attempt.click();
    await expect(goals.locator(".no").first()).toBeVisible();
    for (const { file, text } of solution) await edit(page, file, () => text);
    await attempt.click();
    await expect(goals.locator(".ok")).toHaveCount(await goals.getByRole("listitem").count());
    await expect(page.getByRole("heading", { name: "What it also had to survive" })).toBeVisible();
    await expect(page.locator(".goal .no")).toHaveCount(0);
    await expect(score).toContainText("100 points");
    await expect(score).toContainText("Nothing was taken off.");
  });
}
