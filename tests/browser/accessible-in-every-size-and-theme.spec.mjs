import AxeBuilder from "@axe-core/playwright";
import { expect, open, predict, test } from "./site.mjs";
import { LESSON, PAGES } from "./settings.mjs";

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

for (const path of PAGES.filter((path) => !path.startsWith("no/"))) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      test(`/${path} has no accessibility fault, ${colorScheme} on a ${size}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize(viewport);
        await open(page, path);
        if (path === LESSON) await predict(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`)).toEqual([]);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(sideways, "pixels to scroll sideways").toBeLessThanOrEqual(0);
      });
    }
  }
}
