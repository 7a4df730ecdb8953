// The service worker of a book. What BOOK says of this build stands above, put there by the build:
// for each file its hash and its size, and for each page what it needs.
//
// Pages and files always come from the network where there is one, so nobody reads an old page.
// What was read is kept, each file under its hash: a file that did not change belongs to the next
// build as well. A new build takes over only when everything that was kept is there in its new
// form; until then, without a network, the last build is whole.

const CACHE = `book ${registration.scope}`; // other books on this host have their own
const ROOT = new URL(registration.scope);
const WHOLE = new URL("?whole", ROOT).href; // kept where the reader asked for the whole book
const AT_ONCE = 8;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", answer);
addEventListener("message", (event) => event.waitUntil(listen(event)));

async function install() {
  const cache = await caches.open(CACHE);
  const before = (await cache.keys()).map((request) => known(request.url)).filter(Boolean);
  const wanted = (await cache.match(WHOLE)) ? Object.keys(BOOK.files) : [...before, ...BOOK.first];
  try {
    await keep(cache, withNeeds(wanted));
  } catch (error) {
    if (before.length) throw error; // the last build stays whole, and this one is tried again
  }
  await skipWaiting();
}

async function activate() {
  const cache = await caches.open(CACHE);
  const ours = new Set([WHOLE, ...Object.keys(BOOK.files).map(place)]);
  for (const { url } of await cache.keys()) {
    if (!ours.has(url)) await cache.delete(url);
  }
  await clients.claim();
}

function answer(event) {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  const path = known(request.url);
  if (request.mode === "navigate") event.respondWith(page(request.url, path));
  else if (path) event.respondWith(file(request, path));
}

async function page(url, path) {
  try {
    // what the browser remembers may be of the last build
    return await fetch(url, { cache: "no-cache", redirect: "manual" });
  } catch (error) {
    const kept = path && (await lookUp(path));
    if (kept) return kept;
    if (path === BOOK.page) throw error;
    return Response.redirect(new URL(BOOK.page, ROOT));
  }
}

async function file(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await lookUp(path);
    if (kept) return kept;
    throw error;
  }
}

// A page says which one it is, or asks for the whole book; answers go through the port it sends.
async function listen({ data, ports }) {
  const cache = await caches.open(CACHE);
  if (data.visited) {
    const path = known(data.visited);
    if (path) await keep(cache, withNeeds([path])).catch(() => {}); // full, or cut off: another time
  } else if (data.ask === "more") {
    ports[0].postMessage(await more(cache));
  } else if (data.ask === "forget") {
    for (const request of await cache.keys()) await cache.delete(request);
    ports[0].postMessage(await state(cache));
  } else if (data.ask === "state") {
    ports[0].postMessage(await state(cache));
  }
}

async function state(cache) {
  const here = await held(cache);
  const size = (paths) => paths.reduce((sum, path) => sum + BOOK.files[path][1], 0);
  return {
    build: BOOK.build,
    kept: size([...here]),
    size: size(Object.keys(BOOK.files)),
    whole: here.size === Object.keys(BOOK.files).length,
  };
}

// Keep some more of the whole book: a browser ends a worker that takes minutes for one answer.
async function more(cache) {
  let problem;
  try {
    const here = await held(cache);
    const missing = Object.keys(BOOK.files).filter((path) => !here.has(path));
    await keep(cache, missing.slice(0, 4 * AT_ONCE));
    if (missing.length <= 4 * AT_ONCE) await cache.put(WHOLE, new Response("yes"));
  } catch (error) {
    problem = error.name === "QuotaExceededError" ? "full" : error.message;
  }
  return { ...(await state(cache)), problem };
}

// Keep files that are not kept yet. It raises an error if one cannot be had, or is of another build.
async function keep(cache, paths) {
  const here = await held(cache);
  const missing = paths.filter((path) => !here.has(path));
  async function next() {
    for (let path = missing.shift(); path; path = missing.shift()) {
      const response = await fetch(new URL(encodeURI(path), ROOT), { cache: "no-cache" }).catch(() => {
        throw new Error("network");
      });
      const body = await response.arrayBuffer();
      if (!response.ok || (await hash(body)) !== BOOK.files[path][0]) throw new Error("changed");
      const type = response.headers.get("content-type") || "application/octet-stream";
      await cache.put(place(path), new Response(body, { headers: { "content-type": type } }));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function held(cache) {
  const places = new Set((await cache.keys()).map((request) => request.url));
  return new Set(Object.keys(BOOK.files).filter((path) => places.has(place(path))));
}

async function lookUp(path) {
  const cache = await caches.open(CACHE);
  return cache.match(place(path));
}

function place(path) {
  return new URL(`${encodeURI(path)}?${BOOK.files[path][0]}`, ROOT).href;
}

// The path of a file of the book to which an address leads, as servers read it.
function known(address) {
  const { origin, pathname } = new URL(address);
  if (origin !== ROOT.origin || !pathname.startsWith(ROOT.pathname)) return undefined;
  const path = decodeURI(pathname.slice(ROOT.pathname.length));
  const candidates = [path, `${path}index.html`, `${path}.html`];
  return candidates.find((one) => Object.hasOwn(BOOK.files, one));
}

function withNeeds(paths) {
  const all = paths.filter((path) => Object.hasOwn(BOOK.files, path));
  return [...new Set(all.flatMap((path) => [path, ...(BOOK.needs[path] || [])]))];
}

async function hash(body) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(bytes.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
