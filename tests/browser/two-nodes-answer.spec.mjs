import { expect, node, open, row, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("the node with AppArmor blocks touch by the rule that denies it", async ({ page }) => {
  await open(page, PLAYGROUND);
  await expect(node(page, "ubuntu")).toHaveAttribute("data-outcome", "enforced");
  const touch = row(page, "ubuntu", "EACCES").first();
  await expect(touch).toHaveAttribute("data-outcome", "blocked");
  await touch.locator("summary").click();
  await expect(touch.locator(".rule").first()).toContainText("deny /data/** w");
  await expect(touch).toContainText("openat(AT_FDCWD, \"/data/x\"");
});

test("the node without AppArmor refuses the pod in the words of the kubelet", async ({ page }) => {
  await open(page, PLAYGROUND);
  const kind = node(page, "kind");
  await expect(kind).toHaveAttribute("data-outcome", "refused to start");
  await expect(kind).toContainText("Cannot enforce AppArmor: AppArmor is not enabled on the host");
  await expect(page.locator('[id^="row-kind-"]')).toHaveCount(0);
});

test("the home page shows one answer that is blocked and one that nobody guards", async ({ page }) => {
  await open(page);
  const answers = page.locator("#demo-answers article");
  await expect(answers).toHaveCount(2);
  await expect(answers.first()).toHaveAttribute("data-outcome", "blocked");
  await expect(answers.last()).toHaveAttribute("data-outcome", "silently unprotected");
});

test("the home page runs what a visitor types on both nodes", async ({ page }) => {
  await open(page);
  await page.locator("#demo-command").fill("cat /data/readme");
  await page.getByRole("button", { name: "Run on both" }).click();
  for (const answer of await page.locator("#demo-answers article").all()) {
    await expect(answer).toContainText("This was here before the pod.");
  }
});
