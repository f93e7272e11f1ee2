// Shows one page when there is no connection, and opens what a notification is about. Keeps no page and no content.
"use strict";

const KEPT = "balie-offline";
const OFFLINE = "{% url "offline" %}";
const FILES = [{% for path in kept %}"{{ path|escapejs }}", {% endfor %}OFFLINE];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then(async (kept) => {
    await kept.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
    await self.skipWaiting();
  }));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEPT);
    for (const one of await kept.keys()) if (!FILES.includes(new URL(one.url).pathname)) await kept.delete(one);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const path = new URL(request.url).pathname;
  const page = request.mode === "navigate";
  if (!page && !FILES.includes(path)) return; // the browser does the rest as if there were no worker
  event.respondWith(fetch(request).catch(async () => (await caches.match(page ? OFFLINE : path)) ?? Response.error()));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const place = event.notification.data?.place ?? "/";
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const best = open.find((one) => one.url.includes("/inbox/") || one.url.includes("/desk/")) ?? open[0];
    if (!best) return self.clients.openWindow(place);
    await best.focus();
    best.postMessage({ place });
  })());
});
