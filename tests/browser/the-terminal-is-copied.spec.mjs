import { expect, open, output, run, test } from "./site.mjs";
import { PLAYGROUND } from "./settings.mjs";

test("what the terminal shows can be copied as text", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, PLAYGROUND);
  const copy = page.getByRole("button", { name: "Copy", exact: true });
  await copy.click();
  await expect(page.getByText("There is nothing to copy yet.")).toBeVisible();
  await run(page, "ubuntu", "aa-enabled");
  await expect(output(page)).toContainText("Yes");
  await copy.click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("root@ubuntu:~# aa-enabled\nYes");
});
