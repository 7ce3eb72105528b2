import { expect, open, test } from "./site.mjs";
import { DECODER } from "./settings.mjs";

const LINE = (name) => `[   12.3] audit: type=1400 audit(1764000000.417:91): apparmor="DENIED" operation="mknod" class="file" profile="web" name="${name}" pid=57 comm="touch" requested_mask="c" denied_mask="c" fsuid=0 ouid=0`;

test("one line is told in plain words, with the rules that would allow it", async ({ page }) => {
  await open(page, DECODER);
  const answer = page.getByRole("region", { name: "What happened" });
  await expect(answer).toContainText("the second name /ok/hl");
  await page.getByLabel("One line, or a whole log").fill(LINE("/srv/x"));
  await expect(answer).toContainText("touch under web was not allowed to create /srv/x.");
  await expect(answer.locator(".candidates li").first()).toContainText("owner /srv/x w,");
  await answer.getByText("Field by field").click();
  await expect(answer.locator(".decode")).toContainText("create");
  await page.getByLabel("One line, or a whole log").fill("hello");
  await expect(page.getByText("This is no record of AppArmor or seccomp.")).toBeVisible();
});

test("a log of ten megabytes is read with numbers, can be stopped, and is told in groups", async ({ page }) => {
  await open(page, DECODER);
  const lines = [];
  for (let size = 0, index = 0; size < 10e6; index += 1) {
    lines.push(index % 3 ? LINE(`/srv/${index % 7}`) : `[ 1.0] something else, number ${index}`);
    size += lines.at(-1).length + 1;
  }
  const buffer = Buffer.from(lines.join("\n"));
  await page.locator("#audit-file").setInputFiles({ name: "kern.log", mimeType: "text/plain", buffer });
  await expect(page.locator("#audit-numbers")).toContainText(/of 10\.\d MB · [\d,]+ lines, [\d,]+ records · about .* left/);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("Stopped. Nothing of the log is kept.")).toBeVisible();
  await page.locator("#audit-file").setInputFiles({ name: "kern.log", mimeType: "text/plain", buffer });
  await expect(page.locator("#audit-told")).toContainText(`${lines.length.toLocaleString("en")} lines with`, { timeout: 45_000 });
  const groups = page.locator("#audit-groups details");
  await expect(groups).toHaveCount(7);
  await groups.first().locator("summary").click();
  await expect(groups.first()).toContainText("owner /srv/");
});
