import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { edit, node, row } from "./site.mjs";
import { BASE, LESSON, PLAYGROUND, PORT } from "./settings.mjs";

// A server of its own, which is really stopped.
const port = PORT + 1;
const root = `http://127.0.0.1:${port}${BASE}`;

test("everything works with the server stopped after one visit to one page", async ({ page }) => {
  const server = spawn("node", ["serve.mjs", "../../dist", BASE, String(port)], {
    cwd: dirname(fileURLToPath(import.meta.url)), stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(server.stdout, "data");
    await page.goto(root);
    await page.evaluate(() => navigator.serviceWorker.ready);
  } finally {
    server.kill();
    await once(server, "exit");
  }
  await page.goto(root + LESSON.replace(/\/$/, ""));
  await expect(page.locator("h1")).toContainText("Two guards");
  await page.goto(`${root}no/such/page`);
  await expect(page.locator("h1")).toBeVisible();
  // The engine has not been fetched by any page so far.
  await page.goto(root + PLAYGROUND);
  await page.locator("html[data-live]").waitFor();
  await expect(node(page, "ubuntu")).toHaveAttribute("data-outcome", "enforced");
  await edit(page, "k8s-deny-data", (profile) => profile.replace("deny /data/** w,", ""));
  await expect(row(page, "ubuntu", "/data/x to create it", "EACCES")).toHaveCount(0);
});
