import AxeBuilder from "@axe-core/playwright";
import { expect, open, predict, test } from "./site.mjs";
import { COURSE } from "./course.mjs";
import { GUIDED_RUN, LESSON, PAGES } from "./settings.mjs";

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

for (const path of PAGES.filter((path) => !path.startsWith("no/"))) {
  test(`/${path} has no accessibility fault and no sideways scrolling, light and dark, on a phone and a desktop`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page, path);
    if ([LESSON, GUIDED_RUN].includes(path)) await predict(page);
    const faults = [];
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      // A theme changes colours only: the other rules are asked once for each size, and the colours of the dark one once.
      for (const colorScheme of size === "phone" ? ["light"] : ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const axe = new AxeBuilder({ page });
        const { violations } = await (colorScheme === "dark" ? axe.withRules(["color-contrast"]) : axe).analyze();
        faults.push(...violations.map(({ id, nodes }) => `${size} ${colorScheme} ${id}: ${nodes.map(({ target }) => target).join(" ")}`));
      }
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (sideways > 0) faults.push(`${size}: ${sideways} pixels to scroll sideways`);
    }
    expect(faults).toEqual([]);
  });
}

// What differs from page to page of the course is its content, and that has no size and no theme of its own.
for (const path of COURSE.filter((path) => !PAGES.includes(path))) {
  test(`/${path} has no accessibility fault`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
    await page.setViewportSize(SIZES.desktop);
    await open(page, path);
    if (path.startsWith("lessons/")) await predict(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`)).toEqual([]);
  });
}
