// A plain static server for tests: a folder of a host, redirects to folders,
// 404.html and gzip, as static hosts do it, and the strict policy as a header.
// usage: node serve.mjs FOLDER /BASE/ PORT
import { createServer } from "node:http";
import { readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const [folder, base, port] = process.argv.slice(2);
const TYPES = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json",
  ".svg": "image/svg+xml", ".wasm": "application/wasm", ".woff2": "font/woff2",
};
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const zipped = new Map();

function send(request, response, status, file) {
  const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "max-age=600", "content-security-policy": POLICY };
  let body = readFileSync(file);
  if (/gzip/.test(request.headers["accept-encoding"] ?? "")) {
    const key = `${file} ${statSync(file).mtimeMs}`;
    if (!zipped.has(key)) zipped.set(key, gzipSync(body));
    body = zipped.get(key);
    headers["content-encoding"] = "gzip";
  }
  response.writeHead(status, { ...headers, "content-length": body.length }).end(body);
}

createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  if (!path.startsWith(base)) {
    response.writeHead(404).end("outside the site");
    return;
  }
  const file = join(folder, normalize(`/${path.slice(base.length)}`));
  try {
    if (!statSync(file).isDirectory()) send(request, response, 200, file);
    else if (path.endsWith("/")) send(request, response, 200, join(file, "index.html"));
    else response.writeHead(301, { location: `${path}/` }).end();
  } catch {
    send(request, response, 404, join(folder, "404.html"));
  }
}).listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}${base}`));
