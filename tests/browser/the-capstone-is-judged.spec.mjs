import { readFileSync } from "node:fs";
import { edit, expect, open, test } from "./site.mjs";
import { CAPSTONE } from "./course.mjs";

test("the capstone begins with silent cells, and its solution holds in the shown fleet and in the three hidden ones", async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, CAPSTONE.page);
  const passed = page.locator("#passed");
  const fleets = page.locator(".fleet-result");
  await expect(passed).toContainText(/^\d of 6 checks hold, in 1 of four fleets\.$/);
  await expect(fleets).toHaveCount(1);
  await expect(page.locator("td.is-silent").first()).toBeVisible();
  for (const { file, text } of CAPSTONE.solution) await edit(page, file, () => text);
  await page.getByRole("button", { name: "Judge the files" }).click();
  await expect(passed).toHaveText("All 24 checks hold, in all 4 fleets.", { timeout: 60_000 });
  await expect(fleets).toHaveCount(4);
  await expect(page.locator("td.is-silent")).toHaveCount(0);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save the result" }).click();
  const result = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
  expect(result.capstone.passed).toBe(true);
  expect(result.files.map(({ path }) => path)).toContain("load-plan.yaml");
});

test("an answer about a workload is written to its file and judged", async ({ page }) => {
  await open(page, CAPSTONE.page);
  const first = page.locator(".answer").first();
  await first.getByRole("radio").nth(1).check();
  await expect(first.getByRole("radio").nth(1)).toBeChecked();
  await expect(page.locator("#passed")).toContainText("checks hold");
});
