import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { BASE, CHROMIUM, CHROMIUM_OPTIONS, PORT, ORIGIN } from "./settings.mjs";

export default defineConfig({
  testDir: dirname(fileURLToPath(import.meta.url)),
  outputDir: "../../target/test-results",
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  reporter: "list",
  use: {
    baseURL: `${ORIGIN}${BASE}`,
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_OPTIONS },
  },
  webServer: {
    command: `node serve.mjs ../../dist ${BASE} ${PORT}`,
    url: `${ORIGIN}${BASE}`,
    reuseExistingServer: false,
  },
});
