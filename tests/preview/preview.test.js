// `deckpress preview` in a real browser.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const { test } = require("node:test");
const { build, copy, folder, open, preview, settle, violations } = require("./browser.js");

const NOTE = "# Deck\n## Topic\n### Q: One?\n**Answer:** First.\n\n**Key points:**\n- a\n- b\n### Q: Two?\nSecond.\n";

function write(test, files) {
  const content = path.join(folder(test), "content");
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(content, name)), { recursive: true });
    fs.writeFileSync(path.join(content, name), text);
  }
  return content;
}

const shown = (page, text) => page.locator(".row.question", { hasText: text });
const answer = (page) => page.frameLocator('iframe[title$=": answer"]').first();
const question = (page) => page.frameLocator('iframe[title$=": question"]').first();

test("every card of the showcase, by day and night, on desktop and phone", async (t) => {
  const content = copy(t, "tests/showcase");
  const { page, seen } = await open(t, await preview(t, content), { viewport: { width: 1440, height: 9000 } });
  await page.waitForSelector("iframe");
  const ids = await page.evaluate(async () => {
    const { decks } = await (await fetch("list")).json();
    return decks.flatMap((deck) => deck.topics.flatMap((topic) => topic.questions.map(([id]) => id)));
  });
  assert.ok(ids.length > 40);
  const looks = [["light", "desktop", 700], ["light", "phone", 360], ["night", "phone", 360], ["night", "desktop", 700]];
  for (const [index, [mode, , width]] of looks.entries()) {
    if (index === 1 || index === 3) await page.keyboard.press("w");
    if (index === 2) await page.keyboard.press("n");
    for (const id of ids) {
      await page.evaluate((id) => choose(id), id);
      await settle(page);
      const wide = await page.$$eval("iframe", (all) => all.map((frame) => frame.clientWidth));
      assert.deepEqual([...new Set(wide)], [width]);
      for (const frame of page.frames().slice(1)) {
        // A busy machine measures late.
        await frame.waitForFunction(() => document.documentElement.scrollHeight - innerHeight <= 1);
        const look = await frame.evaluate(() => ({
          text: document.body.innerText.trim(),
          isNight: document.body.classList.contains("nightMode"),
          tall: document.documentElement.scrollHeight - innerHeight,
          wide: document.documentElement.scrollWidth - innerWidth,
          raw: /\\\(|\\\[|\[\[type:|\[anki:|\[sound:|\{\{/.test(document.querySelector("#qa, #content").textContent.replace(/<script>[^]*/, "")) && !document.querySelector("pre, code"),
          pictures: [...document.images].filter((image) => image.complete && !image.naturalWidth).length,
        }));
        assert.ok(look.text, `${id} shows nothing`);
        assert.equal(look.isNight, mode === "night", id);
        assert.ok(look.tall <= 1 && look.wide <= 1, `${id} is cut off: ${JSON.stringify(look)}`);
        assert.equal(look.raw, false, `${id} has something unrendered`);
        assert.equal(look.pictures, 0, id);
      }
    }
  }
  assert.deepEqual([seen.errors, seen.requests, seen.dialogs, seen.navigations.slice(1)], [[], [], [], []]);
});

test("keys", async (t) => {
  const { page } = await open(t, await preview(t, write(t, { "a.md": NOTE })));
  await question(page).getByText("One?").waitFor();
  await page.keyboard.press("j");
  await question(page).getByText("Two?").waitFor();
  await page.keyboard.press("k");
  await question(page).getByText("One?").waitFor();
  await page.keyboard.press("x");
  await answer(page).locator("li.hit").waitFor();
  assert.equal(await answer(page).locator("li.hit").innerText(), "a");
  await page.keyboard.press(" ");
  assert.equal(await page.locator("iframe").count(), 1);
  assert.match(await page.locator("iframe").getAttribute("title"), /question$/);
  await page.keyboard.press(" ");
  assert.match(await page.locator("iframe").getAttribute("title"), /answer$/);
  await page.keyboard.press("n");
  assert.equal(await page.locator("#night").getAttribute("aria-pressed"), "true");
  // Within a card they do the same.
  await answer(page).locator(".answer").click();
  await page.keyboard.press("j");
  await answer(page).getByText("Second.").waitFor();
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("one");
  assert.equal(await page.locator(".row.question").count(), 1);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".row.question").count(), 2);
});

test("with the keyboard alone", async (t) => {
  const { page } = await open(t, await preview(t, write(t, { "a.md": NOTE })));
  await question(page).getByText("One?").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  while ((await page.evaluate(() => document.activeElement.id)) !== "list") await page.keyboard.press("Tab");
  await page.keyboard.press("End");
  await question(page).getByText("Two?").waitFor();
  const active = await page.evaluate(() => document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).innerText);
  assert.match(active, /Two\?/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.locator(".row.question").count(), 0);
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.locator(".row.question").count(), 2);
});

test("an edit, an error, and its mending", async (t) => {
  const content = write(t, { "a.md": NOTE });
  const file = path.join(content, "a.md");
  const { page } = await open(t, await preview(t, content));
  await answer(page).getByText("First.").waitFor();
  await page.keyboard.press("x");
  await answer(page).locator("li.hit").waitFor();
  // What does not change stays, with all that was done in it.
  fs.writeFileSync(file, NOTE.replace("Second.", "Another."));
  await page.waitForFunction(() => state.list.version > 1 && !load.isBusy);
  assert.equal(await answer(page).locator("li.hit").count(), 1);
  // What changes shows both.
  fs.writeFileSync(file, NOTE.replace("First.", "Changed."));
  await answer(page).getByText("Changed.").waitFor();
  await page.frameLocator('iframe[title$=": answer, before"]').getByText("First.").waitFor();
  // A new question is there.
  fs.writeFileSync(file, `${NOTE}### Q: Three?\nThird.\n`);
  await shown(page, "Three?").waitFor();
  // An error stands over what was there before.
  fs.writeFileSync(file, NOTE.replace("First.", "![](missing.png)"));
  await page.locator("#alarm").getByText("1 error").waitFor();
  assert.match(await page.locator("#alarm .code").innerText(), /missing-media/);
  assert.match(await page.locator("#alarm pre").innerText(), /missing\.png/);
  assert.equal(await answer(page).getByText("First.").count(), 1);
  fs.writeFileSync(file, NOTE);
  await page.locator("#alarm").waitFor({ state: "hidden" });
  // The whole folder goes, and comes back.
  fs.renameSync(content, `${content}-away`);
  await page.locator("#alarm").getByText("cannot be read").waitFor();
  fs.renameSync(`${content}-away`, content);
  await page.locator("#alarm").waitFor({ state: "hidden" });
});

test("a question that was never built stays, however it is worded", async (t) => {
  const content = write(t, { "a.md": NOTE });
  const { page } = await open(t, await preview(t, content));
  await shown(page, "Two?").click();
  await question(page).getByText("Two?").waitFor();
  // Nor does it go away for a moment.
  await page.evaluate(() => {
    const look = () => (window.wasAway ||= document.querySelector("#note .empty") !== null);
    new MutationObserver(look).observe(document.getElementById("note"), { childList: true });
  });
  for (const words of ["Which is the second?", "What comes next?"]) {
    fs.writeFileSync(path.join(content, "a.md"), NOTE.replace("Two?", words));
    await question(page).getByText(words).waitFor();
    assert.match(await page.locator('.row[aria-selected="true"]').innerText(), new RegExp(words.replace("?", "\\?")));
  }
  // One that is put in above it does not take its place.
  fs.writeFileSync(path.join(content, "a.md"), NOTE.replace("Two?", "What comes next?").replace("### Q: One?", "### Q: Zero?\nNone.\n### Q: One?"));
  await shown(page, "Zero?").waitFor();
  await question(page).getByText("What comes next?").waitFor();
  assert.equal(await page.evaluate(() => Boolean(window.wasAway)), false);
});

test("a problem that belongs to no question is named while one is shown", async (t) => {
  const content = write(t, { "a.md": NOTE });
  const { page } = await open(t, await preview(t, content));
  await question(page).getByText("One?").waitFor();
  fs.writeFileSync(path.join(content, "deckpress.toml"), "convension = 'auto'\n");
  await page.getByText("1 problem outside of the questions").click();
  await page.locator("#alarm").getByText("convension").first().waitFor();
  fs.rmSync(path.join(content, "deckpress.toml"));
  await page.locator("#alarm").waitFor({ state: "hidden" });
});

test("covered parts of a picture", async (t) => {
  const front = `{{Header}}<div hidden>{{cloze:Occlusion}}</div><div id="image-occlusion-container">{{Image}}<canvas id="image-occlusion-canvas"></canvas></div><script>anki.imageOcclusion.setup();</script>`;
  const part = (number, left) => `{{c${number}::image-occlusion:rect:left=${left}:top=.2:width=.2:height=.5:oi=1}}`;
  const content = write(t, {
    "note-types/cover.toml": 'name = "Cover"\nfields = ["Occlusion", "Image", "Header"]\ncloze = true\n[[card]]\nname = "Cover"\nfront = "front.html"\nback = "back.html"\n',
    "note-types/front.html": front,
    "note-types/back.html": front,
    "a.md": `### Q: ${part(1, ".1")} ${part(2, ".6")} {type=cover}\n**Image:** ![](p.svg)\n\n**Header:** A picture\n`,
    "p.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="white"/></svg>',
  });
  const { page, seen } = await open(t, await preview(t, content));
  await question(page).locator("canvas[style]").waitFor();
  await settle(page);
  const colours = await question(page).locator("canvas").evaluate((canvas) => {
    const context = canvas.getContext("2d");
    const at = (x, y) => [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data];
    return [at(0.2, 0.4), at(0.7, 0.4), at(0.5, 0.4)];
  });
  assert.deepEqual(colours, [[255, 142, 142, 255], [255, 235, 162, 255], [0, 0, 0, 0]]);
  assert.deepEqual(seen.errors, []);
});

test("marks, and what is taken out", async (t) => {
  const content = write(t, { "a.md": NOTE });
  build(content, `${content}-out`, "--quiet");
  const { page } = await open(t, await preview(t, content));
  await shown(page, "One?").waitFor();
  assert.equal(await page.locator("#marks button").count(), 0);
  const file = path.join(content, "a.md");
  fs.writeFileSync(file, NOTE.replace("First.", "Other.").replace("### Q: Two?\nSecond.\n", "### Q: What is entirely new here?\nThis.\n"));
  await page.locator("#marks").getByText("1 new").waitFor();
  assert.deepEqual(await page.locator("#marks button").allInnerTexts(), ["1 changed", "1 new", "1 retired"]);
  await page.locator("#marks").getByText("1 retired").click();
  assert.equal(await page.locator(".row.question").count(), 1);
  await shown(page, "Two?").click();
  await page.getByText("This question was taken out").waitFor();
});

test("a problem stands below its card, and leads to the editor", async (t) => {
  const content = write(t, { "a.md": `${NOTE}\n**Extra:**\n\n### Q: Two?\nThe same.\n` });
  const script = path.join(content, "../editor.sh");
  fs.writeFileSync(script, `#!/bin/sh\nprintf '%s\\n' "$@" > ${content}-part && mv ${content}-part ${content}-edited\n`, { mode: 0o755 });
  const { page } = await open(t, await preview(t, content, "--editor", `${script} {path} {line}`));
  await shown(page, "Two?").last().click();
  const problem = page.locator("#note .problem").first();
  await problem.getByText("duplicate-question").waitFor();
  await problem.locator(".place").first().click();
  for (let at = 0; at < 600 && !fs.existsSync(`${content}-edited`); at++) await page.waitForTimeout(100);
  const [file, line] = fs.readFileSync(`${content}-edited`, "utf8").split("\n");
  assert.equal(file, fs.realpathSync(path.join(content, "a.md")));
  assert.match(line, /^\d+$/);
});

test("the other views", async (t) => {
  const { page } = await open(t, await preview(t, write(t, { "a.md": NOTE })));
  await question(page).getByText("One?").waitFor();
  const view = async (name) => {
    await page.getByRole("tab", { name }).click();
    return page.locator(".source").first().innerText();
  };
  assert.match(await view("HTML"), /<div class="question">One\?<\/div>/);
  assert.match(await view("CSV"), /^front,back,topic,tags,id\r?\n/);
  assert.match(await view("Markdown"), /### Q: One\?/);
  assert.equal(JSON.parse(await view("JSON")).question.text, "One?");
  await page.keyboard.press("ArrowRight");
  await answer(page).getByText("First.").waitFor();
});

test("nothing to complain about for axe", async (t) => {
  const content = copy(t, "tests/showcase");
  fs.writeFileSync(path.join(content, "b.md"), "### Q: Two?\nx\n### Q: Two?\ny\n");
  const { page } = await open(t, await preview(t, content));
  await page.waitForSelector("iframe");
  await settle(page);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("n");
  assert.deepEqual(await violations(page), []);
  await page.locator("#filter").fill("Two?");
  await shown(page, "Two?").last().click();
  await page.locator("#note .problem").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("tab", { name: "JSON" }).click();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("?");
  assert.deepEqual(await violations(page), []);
});

test("on a phone", async (t) => {
  const address = await preview(t, write(t, { "a.md": NOTE }));
  const { page } = await open(t, address, { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  await shown(page, "Two?").tap();
  await question(page).getByText("Two?").waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px too wide`);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "All questions" }).tap();
  await shown(page, "One?").waitFor();
});

// Asks without a browser, as another page or program would.
function ask(address, options) {
  return new Promise((resolve, reject) => {
    const request = http.request(address, options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer));
    });
    request.on("error", reject);
    request.end();
  });
}

test("who may ask", async (t) => {
  const address = await preview(t, write(t, { "a.md": NOTE }), "--editor", "true");
  const { port, origin } = new URL(address);
  const status = async (at, options = {}) => (await ask(at, options)).statusCode;
  assert.equal(await status(`${address}list`), 200);
  assert.equal(await status(`http://localhost:${port}${new URL(address).pathname}list`), 200);
  for (const host of ["evil.invalid", `evil.invalid:${port}`, "127.0.0.1", `127.0.0.1:${port}.evil.invalid`]) {
    assert.equal(await status(`${address}list`, { headers: { host } }), 421, host);
  }
  for (const at of ["", "list", "0/list", "../list", `${"0".repeat(32)}/list`]) assert.equal(await status(`${origin}/${at}`), 404, at);
  assert.equal(await status(`${address}a.md`), 404);
  assert.equal(await status(`${address}..%2fa.md`), 404);
  const edit = `${address}edit?path=a.md&line=1&column=1`;
  assert.equal(await status(edit), 404);
  assert.equal(await status(edit, { method: "POST" }), 403);
  for (const from of ["null", "http://evil.invalid"]) assert.equal(await status(edit, { method: "POST", headers: { origin: from } }), 403);
  assert.equal(await status(edit, { method: "POST", headers: { origin } }), 200);
  assert.equal(await status(`${address}edit?path=/etc/passwd&line=1&column=1`, { method: "POST", headers: { origin } }), 404);
  assert.equal(await status(`${address}list`, { method: "PUT" }), 405);
  const { headers } = await ask(address);
  assert.equal(headers["access-control-allow-origin"], undefined);
  assert.equal(headers["x-frame-options"], "DENY");
  assert.match(headers["content-security-policy"], /default-src 'none'/);
});
