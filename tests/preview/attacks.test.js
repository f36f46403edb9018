// Content that would do harm, in the preview and on the page: the attacks that `tests/gui` shows
// in Anki, and scripts that an author was allowed to write.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { test } = require("node:test");
const { build, copy, folder, open, preview, settle } = require("./browser.js");

// What sees whether a script has run in a frame or a page.
const WATCH = () => {
  window.seen = [];
  Object.defineProperty(window, "pwned", { configurable: true, set: () => window.seen.push("pwned"), get: () => undefined });
  for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => window.seen.push(name);
};

// Provokes whatever waits for a click, the pointer, the focus or a key.
const PROVOKE = () => {
  const events = ["click", "dblclick", "auxclick", "mouseover", "pointerenter", "wheel", "focus", "keydown", "input", "toggle", "animationstart", "load", "error", "beforeinput", "submit"];
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("header.bar, #quiz") || ["AUDIO", "VIDEO", "SCRIPT"].includes(element.tagName)) continue;
    for (const name of events) {
      const event = new Event(name, { bubbles: true, cancelable: true });
      // A browser leaves a page that follows its links; the frames and the page must not.
      try { element.dispatchEvent(event); } catch { /* It has gone. */ }
    }
    if (element.focus) element.focus();
  }
  return window.seen;
};

// A server of somebody else's, which counts who asks.
async function stranger(test) {
  const asked = [];
  const server = http.createServer((request, answer) => {
    asked.push(request.url);
    answer.end("x");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return { asked, at: `http://127.0.0.1:${server.address().port}` };
}

const idsOf = (page) => page.evaluate(async () => {
  const { decks } = await (await fetch("list")).json();
  return decks.flatMap((deck) => deck.topics.flatMap((topic) => topic.questions.map(([id]) => id)));
});

test("the attacks do nothing in the preview", async (t) => {
  const address = await preview(t, copy(t, "tests/gui/attacks"));
  // So tall that no frame waits until it is scrolled to.
  const { page, seen, context } = await open(t, "about:blank", { viewport: { width: 1440, height: 12000 } });
  await context.addInitScript(WATCH);
  await page.goto(address);
  await page.waitForSelector("iframe");
  const ids = await idsOf(page);
  assert.ok(ids.length > 30);
  for (const id of ids) {
    await page.evaluate((id) => choose(id), id);
    await settle(page);
    for (const frame of page.frames().slice(1)) {
      assert.match(frame.url(), /^about:srcdoc/);
      assert.deepEqual(await frame.evaluate(PROVOKE), [], id);
      const scripts = await frame.evaluate(() => [...document.querySelectorAll("#qa script")].map((script) => script.textContent));
      assert.ok(scripts.every((script) => script.includes("deckpressPoints")), id);
      const elements = await frame.evaluate(() => document.querySelectorAll("#qa :is(iframe, object, embed, form, base, link, meta, style)").length);
      assert.equal(elements, 0, id);
    }
    assert.deepEqual(await page.evaluate(() => window.seen), [], id);
  }
  assert.equal(page.url().split("#")[0], address);
  assert.deepEqual([seen.dialogs, seen.pages, seen.errors], [[], 0, []]);
  const elsewhere = seen.requests.filter((url) => !url.startsWith(new URL(address).origin));
  assert.deepEqual(elsewhere, []);
});

test("a script that an author was allowed to write reaches neither the page nor the network", async (t) => {
  const { asked, at } = await stranger(t);
  const content = path.join(folder(t), "content");
  fs.mkdirSync(content);
  fs.writeFileSync(path.join(content, "deckpress.toml"), 'html = "allow"\n');
  const tries = [
    `document.body.dataset.ran = "1"`,
    `try { parent.document.title = "pwned" } catch {}`,
    `try { top.location = "${at}/top" } catch {}`,
    `fetch("${at}/fetch").catch(() => {})`,
    `fetch("list").then((it) => it.text()).then((text) => { document.body.dataset.read = text }).catch(() => {})`,
    `new Image().src = "${at}/image"`,
    `navigator.sendBeacon("${at}/beacon", "x")`,
    `try { new WebSocket("${at}/socket".replace("http", "ws")) } catch {}`,
    `try { open("${at}/open") } catch {}`,
    `try { localStorage.setItem("x", "y"); document.body.dataset.stored = "1" } catch {}`,
    `parent.postMessage({ key: "e" }, "*"); parent.postMessage({ height: 1e9 }, "*"); parent.postMessage({ link: "${at}/link" }, "*")`,
    `const frame = document.createElement("iframe"); frame.src = "${at}/frame"; document.body.append(frame)`,
    `const link = document.createElement("a"); link.href = "${at}/click"; link.target = "_top"; document.body.append(link); link.click()`,
    `const form = document.createElement("form"); form.action = "${at}/form"; document.body.append(form); form.submit()`,
    `try { navigator.serviceWorker.register("page.js") } catch {}`,
    `setTimeout(() => { location = "${at}/location" }, 3000)`,
  ];
  const scripts = tries.map((script) => `<script>(() => { ${script} })()</script>`).join("\n");
  fs.writeFileSync(path.join(content, "a.md"), `### Q: One?\nA.\n\n${scripts}\n\n<img src="${at}/plain.png"><link rel="stylesheet" href="${at}/x.css"><iframe src="${at}/inner"></iframe>\n`);
  const address = await preview(t, content, "--editor", "touch {path}.edited");
  const { page, seen } = await open(t, address);
  await page.waitForSelector("iframe");
  await settle(page);
  const read = (frame) => frame.evaluate(() => ({ ...document.body.dataset })).catch(() => ({}));
  const data = await Promise.all(page.frames().slice(1).map(read));
  assert.ok(data.some((it) => it.ran === "1"), "no script has run, so this shows nothing");
  assert.ok(data.every((it) => it.read === undefined && it.stored === undefined), JSON.stringify(data));
  await page.waitForTimeout(4000);
  assert.deepEqual(asked, []);
  assert.equal(page.url().split("#")[0], address);
  assert.notEqual(await page.title(), "pwned");
  assert.equal(seen.pages, 0);
  assert.equal(fs.existsSync(path.join(content, "a.md.edited")), false);
  const heights = await page.$$eval("iframe", (all) => all.map((it) => it.clientHeight));
  assert.ok(heights.every((height) => height <= 20000));
});

test("the attacks do nothing on the page", async (t) => {
  const content = copy(t, "tests/gui/attacks");
  const out = path.join(content, "../out");
  build(content, out, "--quiet", "--to", "html");
  const address = `file://${path.join(out, "attacks.html")}`;
  const { page, seen, context } = await open(t, "about:blank");
  await context.addInitScript(WATCH);
  await page.goto(address);
  assert.ok((await page.locator("article").count()) > 30);
  assert.deepEqual(await page.evaluate(PROVOKE), []);
  assert.deepEqual(await page.evaluate(() => window.seen), []);
  await page.waitForTimeout(500);
  const elsewhere = seen.requests.filter((url) => !url.startsWith("file:"));
  assert.deepEqual([elsewhere, seen.dialogs, seen.pages], [[], [], 0]);
});
