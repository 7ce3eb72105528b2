import { expect, node, open, row, run, output, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("on a phone one panel is shown at a time, the verdict stays in sight, and inputs do not zoom", async ({ page }) => {
  await open(page, PLAYGROUND);
  await expect(node(page, "ubuntu")).toBeHidden();
  await page.getByText("Nodes", { exact: true }).tap();
  await expect(node(page, "ubuntu")).toBeVisible();
  await page.getByText("Trace", { exact: true }).tap();
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toBeVisible();
  await page.getByRole("radiogroup", { name: "Show one panel" }).getByText("Terminal").tap();
  const size = await page.locator("#terminal-input").evaluate((input) => parseFloat(getComputedStyle(input).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
  await run(page, "ubuntu", "uname -s");
  await expect(output(page)).toContainText("Linux");
  await expect(page.getByRole("list", { name: "What the nodes did" })).toBeInViewport();
});
