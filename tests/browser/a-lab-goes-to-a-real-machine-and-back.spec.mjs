import { readFileSync } from "node:fs";
import { expect, open, predict, test } from "./site.mjs";
import { GUIDED_RUN } from "./settings.mjs";

const tool = (page) => page.locator('[data-tool="machine"]');

async function opened(page) {
  await open(page, GUIDED_RUN);
  if (await page.locator("#prediction").count()) await predict(page);
  await tool(page).locator("summary").click();
}

test("the lab is saved as a zip archive for a real machine", async ({ page }) => {
  await opened(page);
  const download = page.waitForEvent("download");
  await tool(page).getByRole("button", { name: "Download the folder" }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/\.zip$/);
  const bytes = readFileSync(await saved.path());
  expect(bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
  expect(bytes.includes("verify.sh")).toBe(true);
});

test("what a real machine printed is compared with the prediction line by line", async ({ page }) => {
  await opened(page);
  await tool(page).getByLabel("Output of the real machine").fill("apparmor module is loaded.\n1 profiles are loaded.\n1 profiles are in enforce mode.\n   some-other-profile\n");
  await tool(page).getByRole("button", { name: "Compare" }).click();
  await expect(tool(page).getByRole("listitem").filter({ hasText: "apparmor module is loaded." })).toContainText("as predicted");
  await expect(tool(page).getByRole("listitem").filter({ hasText: "predicted, and missing" })).not.toHaveCount(0);
});
