// The offline copy of the site. The pre-renderer writes VERSION and FILES.
const VERSION = "dev";
const FILES = [];
const PREFIX = `armor-lab ${registration.scope} `;
const CACHE = PREFIX + VERSION;

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // "no-cache" asks the server again, so that a new version never takes old files.
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
  })());
});

// A new version waits until every tab of the old one is closed (the page may
// send "update" to have it now); a first version takes over at once.
addEventListener("message", (event) => { if (event.data === "update") skipWaiting(); });

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
    }
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    const hit = await cache.match(request, { ignoreSearch: true });
    if (hit) return hit;
    if (request.mode === "navigate") {
      const url = new URL(request.url);
      if (!url.pathname.endsWith("/")) {
        const folder = await cache.match(url.origin + url.pathname + "/");
        if (folder) return Response.redirect(url.origin + url.pathname + "/" + url.search);
      }
    }
    try {
      return await fetch(request);
    } catch (error) {
      const shell = request.mode === "navigate" && (await cache.match("404.html"));
      if (shell) return shell;
      throw error;
    }
  })());
});
