import { edit, expect, node, open, predict, test } from "./site.mjs";
import { LESSON } from "./settings.mjs";

test("the outcome stays hidden until an answer is chosen", async ({ page }) => {
  await open(page, LESSON);
  await expect(node(page, "ubuntu")).toBeHidden();
  // Forced, since the button says that it is not available yet, and why.
  await page.locator("#prediction").getByRole("button").click({ force: true });
  await expect(page.locator("#prediction-why")).toContainText("Choose");
  await expect(node(page, "ubuntu")).toBeHidden();
  await predict(page);
  await expect(node(page, "ubuntu")).toBeVisible();
});

test("the task is done when every check holds, and not before", async ({ page }) => {
  await open(page, LESSON);
  await predict(page);
  const task = page.getByRole("region", { name: "Your task" });
  await task.getByRole("button", { name: "Check my answer" }).click();
  await expect(task.getByRole("status")).toContainText(/^\d+ of \d+ hold\.$/);
  await edit(page, "k8s-deny-data", (profile) => profile.replace("deny /data/** w,", "deny /data/** wl,"));
  await task.getByRole("button", { name: "Check my answer" }).click();
  await expect(task.getByRole("status")).toContainText("All of it holds.");
});
