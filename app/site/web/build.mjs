// Trunk's pre_build hook: builds the lab engine (cargo, wasm-bindgen, wasm-opt),
// bundles this folder's modules and the fonts into target/web/vendor under
// hashed names, and the style sheet into target/web/style.css. Writes
// target/web/modules.json: the names of the modules that pages start with, for
// the pre-renderer.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const generated = join(root, "target", "web");
const vendor = join(generated, "vendor");
const release = process.env.TRUNK_PROFILE !== "debug";

const TARGET = "wasm32-unknown-unknown";
// Named one by one: --all-features makes programs that no browser loads.
const WASM_FEATURES = ["bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"];
// The passes that make the program smaller after brotli. -Oz has them and others that take off more bytes
// before it, but leave fewer that are alike: with it the engine weighs some 50 KB more.
const WASM_PASSES = ["duplicate-function-elimination", "dce", "remove-unused-module-elements", "vacuum", "optimize-instructions",
  "precompute", "remove-unused-names", "simplify-locals-nostructure", "reorder-locals", "reorder-functions", "rse", "strip-debug", "strip-producers"];

/** Builds app/engine for the browser into target/web/engine. */
function engine() {
  const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: "inherit" });
  run("cargo", "build", "--quiet", "--locked", "--offline", "--package", "engine", "--target", TARGET, ...(release ? ["--release"] : []));
  const folder = join(generated, "engine");
  run("wasm-bindgen", "--target", "web", "--no-typescript", "--out-dir", folder,
    join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), TARGET, release ? "release" : "debug", "engine.wasm"));
  if (release) {
    const wasm = join(folder, "engine_bg.wasm");
    run("wasm-opt", ...WASM_FEATURES.map((feature) => `--enable-${feature}`), ...WASM_PASSES.map((pass) => `--${pass}`), wasm, "-o", wasm);
  }
}

/** Bundles one module and gives its name in vendor/; `names` are modules there whose addresses it is given as constants. */
async function bundle(entry, names = {}, define = {}) {
  const addresses = Object.entries(names).map(([name, file]) => [name, `./${file}`]);
  const { metafile } = await build({
    absWorkingDir: here, entryPoints: [entry], outdir: vendor, bundle: true, format: "esm", target: "es2022",
    entryNames: "[name]-[hash]", assetNames: "[name]-[hash]", loader: { ".wasm": "file" }, legalComments: "none",
    minify: release, sourcemap: !release, metafile: true, logLevel: "warning",
    external: addresses.map(([, address]) => address),
    define: { ...define, ...Object.fromEntries(addresses.map(([name, address]) => [name, JSON.stringify(address)])) },
  });
  const [file] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint);
  return basename(file);
}

/** Bundles the style sheet; it names the fonts as they lie beside it on the site. */
async function style() {
  await build({
    absWorkingDir: root, entryPoints: ["static/style.css"], outdir: generated, bundle: true, target: "es2022",
    entryNames: "[name]", assetNames: "vendor/[name]-[hash]", loader: { ".woff2": "file" }, legalComments: "none",
    minify: release, logLevel: "warning",
  });
}

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
engine();
// The glue's own way to fetch its program is never used: the page sends it.
const ENGINE_WORKER = await bundle("engine-worker.js", {}, { "import.meta.url": "undefined" });
const ENGINE = await bundle("engine.js", { ENGINE_WORKER });
const EDITOR = await bundle("editor.js");
const TOOLS = await bundle("tools.js", { ENGINE });
const modules = { boot: await bundle("boot.js", { ENGINE, EDITOR, TOOLS }) };
for (const name of ["theme", "still", "settings", "search", "review", "decoder"]) modules[name] = await bundle(`${name}.js`, { ENGINE });
await style();
// The fonts' license asks to go where they go.
copyFileSync(join(root, "node_modules/@fontsource/ibm-plex-sans/LICENSE"), join(vendor, "ibm-plex-license.txt"));
writeFileSync(join(generated, "modules.json"), JSON.stringify(modules));
for (const file of readdirSync(vendor)) {
  console.log(`${file} ${readFileSync(join(vendor, file)).length} bytes`);
}
