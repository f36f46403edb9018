// The target `html` in a real browser: to read, to quiz, to print.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { build, copy, open, violations } = require("./browser.js");

function make(test, content) {
  const source = copy(test, content);
  const out = path.join(source, "../out");
  build(source, out, "--quiet", "--to", "html,json");
  const find = (ending) => path.join(out, fs.readdirSync(out).find((name) => name.endsWith(ending)));
  const { notes } = JSON.parse(fs.readFileSync(find(".json"), "utf8"));
  return { address: `file://${find(".html")}`, notes, out };
}

const pages = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g) || []).length;

for (const content of ["tests/showcase", "content"]) {
  test(`every question of ${content} can be read`, async (t) => {
    const { address, notes } = make(t, content);
    const { page, seen } = await open(t, address);
    const ids = await page.$$eval("article", (all) => all.map((it) => it.id));
    assert.deepEqual(ids, notes.map((note) => note.id));
    for (const { id, answer, cards } of notes) {
      const text = await page.locator(`article[id="${id}"] .back`).innerText();
      const first = answer.text.match(/[\p{L}]{4,}/u);
      if (first && !answer.text.includes("$") && !cards.includes("cloze")) assert.ok(text.includes(first[0]), `${id}: ${first[0]}`);
    }
    const broken = await page.evaluate(() => [...document.images].filter((image) => !image.complete || !image.naturalWidth).map((image) => image.outerHTML.slice(0, 200)));
    assert.deepEqual(broken, []);
    assert.deepEqual(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.deepEqual(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    assert.deepEqual([seen.errors, seen.requests.filter((url) => !url.startsWith("file:"))], [[], []]);
  });
}

test("a quiz", async (t) => {
  const { address, notes } = make(t, "content");
  const { page } = await open(t, address);
  await page.getByRole("button", { name: "Quiz" }).click();
  assert.equal(await page.locator("#questions").isVisible(), false);
  const back = page.locator("#quiz .back");
  const asked = new Set();
  const ask = () => page.locator("#quiz .question").innerText();
  const first = await ask();
  assert.equal(await back.isVisible(), false);
  await page.keyboard.press(" ");
  assert.equal(await back.isVisible(), true);
  await page.keyboard.press("1");
  assert.notEqual(await ask(), first);
  for (let at = 0; at < 3; at++) {
    asked.add(await ask());
    await page.getByRole("button", { name: "Show the answer" }).click();
    await page.getByRole("button", { name: "Knew it" }).click();
  }
  // What was not known comes again, after three others.
  assert.equal(asked.size, 3);
  assert.equal(await ask(), first);
  assert.equal(await page.locator("#quiz [role=status]").innerText(), `3 of ${notes.length}`);
  // A topic alone, to its end.
  await page.locator("#quiz select").selectOption("0");
  const count = notes.filter((note) => String(note.topic) === String(notes[0].topic)).length;
  for (let at = 0; at < count; at++) {
    await page.keyboard.press(" ");
    await page.keyboard.press("2");
  }
  await page.getByText("That was all of it.").waitFor();
  assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ""]);
});

test("prints", async (t) => {
  const { address, notes, out } = make(t, "tests/showcase");
  const { page } = await open(t, address);
  const table = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  fs.writeFileSync(path.join(out, "table.pdf"), table);
  assert.ok(pages(table) >= 5 && pages(table) <= 40, `${pages(table)} pages`);
  // In print the answer stands beside its question.
  await page.emulateMedia({ media: "print" });
  const [front, back] = await page.evaluate(() => {
    const article = document.querySelector("article");
    return [".front", ".back"].map((part) => article.querySelector(part).getBoundingClientRect().toJSON());
  });
  assert.ok(front.right <= back.left && Math.abs(front.top - back.top) < 2);
  // Cards: sheets of eight, each with its backs.
  await page.evaluate(() => { window.print = () => {}; });
  await page.emulateMedia({ media: null });
  await page.getByRole("button", { name: "Print cards" }).click();
  const cards = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  assert.equal(pages(cards), 2 * Math.ceil(notes.length / 8));
});

test("backs are mirrored", async (t) => {
  const { address } = make(t, "tests/showcase");
  const { page } = await open(t, address);
  await page.evaluate(() => { window.print = () => {}; });
  await page.getByRole("button", { name: "Print cards" }).click();
  const [fronts, backs, articles] = await page.evaluate(() => {
    const text = (cell, side) => cell.querySelector(side)?.textContent;
    const [front, back] = document.querySelectorAll(".paper");
    return [
      [...front.children].map((cell) => text(cell, ".front")),
      [...back.children].map((cell) => text(cell, ".back")),
      [...document.querySelectorAll("#questions article")].slice(0, 8).map((it) => [text(it, ".front"), text(it, ".back")]),
    ];
  });
  articles.forEach(([front, back], at) => {
    assert.equal(fronts[at], front);
    assert.equal(backs[at ^ 1], back);
  });
});

test("nothing to complain about for axe", async (t) => {
  const { address } = make(t, "tests/showcase");
  for (const colorScheme of ["light", "dark"]) {
    const { page } = await open(t, address, { colorScheme, bypassCSP: true });
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Quiz" }).click();
    await page.keyboard.press(" ");
    assert.deepEqual(await violations(page), []);
  }
});
