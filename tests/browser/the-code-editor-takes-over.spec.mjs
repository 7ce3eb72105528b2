import { edit, editor, expect, open, predict, record, row, test } from "./site.mjs";
import { LESSON, PLAYGROUND } from "./settings.mjs";

const PROFILE = "k8s-deny-data";
const line = (page, text) => page.locator(".cm-line", { hasText: text }).first();

test("the editor is fetched on the first focus and keeps text, selection and focus", async ({ page }) => {
  const fetched = [];
  page.on("request", (request) => {
    if (/vendor\/editor/.test(request.url()) && !request.serviceWorker()) fetched.push(request.url());
  });
  await open(page, PLAYGROUND);
  const area = record(page, PROFILE);
  await expect(area).toBeVisible();
  expect(fetched).toEqual([]);
  const text = await area.inputValue();
  await area.evaluate((area) => {
    area.setSelectionRange(3, 3);
    area.focus();
  });
  await expect(area).toBeHidden();
  expect(fetched).toHaveLength(1);
  await page.keyboard.type("X");
  await expect(area).toHaveValue(`${text.slice(0, 3)}X${text.slice(3)}`);
});

test("Escape and then Tab leaves the editor, Tab alone indents", async ({ page }) => {
  await open(page, PLAYGROUND);
  const box = await editor(page, PROFILE);
  await box.press("ControlOrMeta+Home");
  await box.press("Tab");
  await expect(record(page, PROFILE)).toHaveValue(/^ {2}\S/);
  await expect(box).toBeFocused();
  await box.press("Escape");
  await box.press("Tab");
  await expect(box).not.toBeFocused();
});

test("a deciding line shows its row, and an open row lights its line", async ({ page }) => {
  await open(page, PLAYGROUND);
  await editor(page, PROFILE);
  const deciding = line(page, "deny /data/** w,");
  await expect(deciding).toHaveClass(/decides/);
  await deciding.click();
  const blocked = row(page, "ubuntu", "/data/x to create it", "EACCES");
  await expect(blocked).toHaveClass(/from-line/);
  await deciding.locator(".rows").click();
  await expect(blocked.locator("details")).toHaveAttribute("open", "");
  await expect(deciding).toHaveClass(/lit/);
});

test("rules, fields and system calls are offered while one types", async ({ page }) => {
  await open(page, PLAYGROUND);
  const offered = page.locator(".cm-tooltip-autocomplete li");
  const type = async (path, find, words) => {
    await editor(page, path);
    await line(page, find).click();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type(words);
  };
  await type(PROFILE, "deny /data/** w,", "  capability sys_adm");
  await expect(offered.first()).toContainText("sys_admin");
  // The editor takes no choice that is made before one can have read the list.
  await page.waitForTimeout(300);
  await page.keyboard.press("Enter");
  await expect(record(page, PROFILE)).toHaveValue(/capability sys_admin/);
  await type("pod.yaml", "securityContext:", "runAsN");
  await expect(offered.first()).toContainText("runAsNonRoot");
});

test("a word says what it means when the pointer rests on it", async ({ page }) => {
  await open(page, PLAYGROUND);
  await editor(page, PROFILE);
  await page.locator(".t-keyword", { hasText: "deny" }).first().hover();
  await expect(page.locator(".cm-tooltip .meaning")).toContainText("Takes permissions away");
});

test("what was typed can be undone after a reload", async ({ page }) => {
  await open(page, PLAYGROUND);
  const area = record(page, PROFILE);
  const before = await area.inputValue();
  await edit(page, PROFILE, (profile) => profile.replace("deny /data/** w,", ""));
  await page.reload();
  await page.locator("html[data-live]").waitFor();
  await expect(area).not.toHaveValue(before);
  const box = await editor(page, PROFILE);
  await box.press("ControlOrMeta+z");
  await expect(area).toHaveValue(before);
});

test("a fix is made in the editor and can be undone there", async ({ page }) => {
  await open(page, PLAYGROUND);
  await edit(page, PROFILE, (profile) => profile.replace("deny /data/ w,", "deny /data/ w"));
  const broken = await record(page, PROFILE).inputValue();
  await page.locator(".diags:visible .diag").getByRole("button", { name: "Add the comma" }).first().click();
  await expect(record(page, PROFILE)).not.toHaveValue(broken);
  await page.getByRole("textbox", { name: `${PROFILE}, text of the file` }).press("ControlOrMeta+z");
  await expect(record(page, PROFILE)).toHaveValue(broken);
});

test("blocks fold to their first line and open again", async ({ page }) => {
  await open(page, PLAYGROUND);
  await editor(page, PROFILE);
  await expect(line(page, "deny /data/** w,")).toBeVisible();
  await line(page, "profile k8s-deny-data").click();
  await page.keyboard.press("Control+Shift+BracketLeft");
  await expect(line(page, "deny /data/** w,")).toHaveCount(0);
  await page.locator(".cm-foldPlaceholder").click();
  await expect(line(page, "deny /data/** w,")).toBeVisible();
});

test("on a phone the text is large enough not to be zoomed, and nothing scrolls sideways", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, LESSON);
  await predict(page);
  const box = await editor(page, PROFILE);
  expect(await box.evaluate((element) => getComputedStyle(element).fontSize)).toBe("16px");
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});
