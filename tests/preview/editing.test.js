// Writing with the preview open: what it shows after an edit is what it would show if it had just
// been opened, and the place where one is stays.
"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const { folder, open, preview, settle } = require("./browser.js");

const QUESTION = "### Q: Which one?\n**Answer:** First.\n\n**Key points:**\n- a\n- b\n";

// Returns numbers below a limit, the same ones each time.
function random(seed) {
  let state = seed;
  return (limit) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * limit);
  };
}

const PARTS = [
  "Plain words.", "$\\frac{a}{b}$ and $x$", "```rust\nlet x = 1;\n```", "| a | b |\n|---|---|\n| 1 | 2 |", "- one\n- two", "> quoted", "![](p.svg)",
  "<details><summary>More</summary>x</details>", "**Key points:**\n- a\n- b", "**Extra:** more", "</div></div> <b>unclosed", "<script>window.ran = (window.ran || 0) + 1; document.querySelector('#qa, #content').append('ran ' + window.ran)</script>",
  "<p onclick=\"x()\">x</p>", "日本語 **fett** שלום",
];
const HEADS = ["Which one?", "Which one now? {.reverse}", "A ==gap== and {{c2::another}} {.cloze}", "Which list? {.recall}", "What is $x$? {.type}", "Which one? {.retired}"];

test("after any edits the cards are those of a fresh start", async (t) => {
  const content = path.join(folder(t), "content");
  fs.mkdirSync(content);
  fs.writeFileSync(path.join(content, "p.svg"), '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="red"/></svg>');
  const marker = (number) => `### Q: Where is it? {#marker}\nEdit ${number}.\n`;
  const write = (head, parts, others, number) =>
    fs.writeFileSync(path.join(content, "a.md"), `# Deck\n## Topic\n### Q: ${head.replace(/( \{|$)/, (found) => (found === " {" ? " {#it " : " {#it}"))}\n**Answer:** A.\n\n${parts.join("\n\n")}\n\n## Others\n${others}\n## Last\n${marker(number)}`);
  write(HEADS[0], [PARTS[0]], "", 0);
  const address = await preview(t, content);
  const tall = { viewport: { width: 1440, height: 6000 } };
  const { page, seen } = await open(t, `${address}#it`, tall);
  const { page: fresh } = await open(t, address, tall);
  const shown = (page) => page.evaluate(() => ({ list: state.list.decks, retired: state.list.retired, id: state.id, note: state.note, rows: document.querySelector("#rows").innerText }));
  const frames = async (page) => Promise.all((await page.$$("iframe")).map((element) => element.contentFrame()));
  const sides = async (page) => Promise.all((await frames(page)).map((frame) => frame.evaluate(() => [
    document.querySelector("#qa, #content").outerHTML, document.body.className, [...document.querySelectorAll("head style")].map((style) => style.textContent).join("\n"), window.ran,
  ])));
  const next = random(7);
  for (let round = 1; round <= 24; round++) {
    const parts = Array.from({ length: 1 + next(3) }, () => PARTS[next(PARTS.length)]);
    const others = Array.from({ length: next(4) }, (_, at) => `### Q: Other ${at + next(3)}?\nB.\n`).join("");
    if (round % 6 === 0) fs.writeFileSync(path.join(content, "deckpress.toml"), ['html = "allow"\n', 'css = "x.css"\n', ""][next(3)]);
    fs.writeFileSync(path.join(content, "x.css"), `.card { color: rgb(${round}, 0, 0); }`);
    write(HEADS[next(HEADS.length)], parts, others, round);
    const isThere = (number) => Boolean(state.note) && !load.isBusy && fetch("note?id=marker").then((answer) => answer.json()).then((note) => note.markdown?.includes(`Edit ${number}.`) && note.version === state.list.version && state.note.version === note.version);
    await page.waitForFunction(isThere, round);
    await settle(page);
    await fresh.goto("about:blank");
    await fresh.goto(`${address}#it`);
    await fresh.waitForFunction(isThere, round);
    await settle(fresh);
    assert.deepEqual(await shown(page), await shown(fresh), `round ${round}`);
    assert.deepEqual(await sides(page), await sides(fresh), `round ${round}: ${parts}`);
  }
  assert.deepEqual([seen.errors, seen.complaints, seen.requests, seen.dialogs], [[], [], [], []]);
});

test("an edit is shown in the frames that are there", async (t) => {
  const content = path.join(folder(t), "content");
  fs.mkdirSync(content);
  const file = path.join(content, "a.md");
  fs.writeFileSync(file, QUESTION);
  const { page } = await open(t, await preview(t, content));
  await page.waitForSelector("iframe");
  await settle(page);
  const frame = await page.$('iframe[title$=": answer"]');
  fs.writeFileSync(file, QUESTION.replace("First.", "Second.").replace("- b", "- b\n- c"));
  await page.frameLocator('iframe[title$=": answer"]').getByText("Second.").waitFor();
  await page.frameLocator('iframe[title$=": answer"]').locator("li[role=checkbox]").nth(2).waitFor();
  assert.equal(await frame.evaluate((it) => it.isConnected), true);
  // What was done in it is not: the key point that is ticked is another one.
  await page.keyboard.press("x");
  await page.frameLocator('iframe[title$=": answer"]').locator("li.hit").waitFor();
});

test("a file that is emptied, or gone for a moment, does not take the place", async (t) => {
  const content = path.join(folder(t), "content");
  fs.mkdirSync(content);
  const [one, two] = ["a.md", "b.md"].map((name) => path.join(content, name));
  fs.writeFileSync(one, "### Q: First?\nA.\n");
  const text = "### Q: Second?\nB.\n### Q: Third?\nC.\n";
  fs.writeFileSync(two, text);
  const { page, seen } = await open(t, await preview(t, content));
  const rows = page.locator(".row.question");
  const chosen = page.locator('.row[aria-selected="true"]');
  await rows.nth(2).click();
  const isAway = async () => {
    await page.waitForFunction(() => document.querySelectorAll(".row.question").length === 1);
    await page.frameLocator('iframe[title$=": question"]').getByText("First?").waitFor();
  };
  const isBack = async () => {
    await page.frameLocator('iframe[title$=": question"]').getByText("Third?").waitFor();
    assert.match(await chosen.innerText(), /Third\?/);
  };
  await isBack();
  fs.writeFileSync(two, "");
  await isAway();
  fs.writeFileSync(two, text);
  await isBack();
  fs.renameSync(two, `${two}~`);
  await isAway();
  fs.renameSync(`${two}~`, path.join(content, "c.md"));
  await isBack();
  // Whoever has gone elsewhere meanwhile stays there.
  fs.writeFileSync(path.join(content, "c.md"), "");
  await isAway();
  await rows.first().click();
  fs.writeFileSync(path.join(content, "c.md"), text);
  await page.waitForFunction(() => document.querySelectorAll(".row.question").length === 3);
  assert.match(await chosen.innerText(), /First\?/);
  assert.deepEqual([seen.errors, seen.complaints], [[], []]);
});

test("the chosen question stays where it is in the list", async (t) => {
  const content = path.join(folder(t), "content");
  fs.mkdirSync(content);
  const file = path.join(content, "a.md");
  const questions = Array.from({ length: 80 }, (_, at) => `### Q: Number ${at}?\nA.\n`);
  fs.writeFileSync(file, questions.join(""));
  const { page } = await open(t, await preview(t, content));
  const row = page.locator(".row.question", { hasText: "Number 12?" });
  await row.click();
  const place = async (count) => {
    await page.waitForFunction((count) => !load.isBusy && state.list.counts.questions === count, count);
    return row.evaluate((row) => [row.getAttribute("aria-selected"), Math.round(row.getBoundingClientRect().top)]);
  };
  const before = await place(80);
  assert.equal(before[0], "true");
  fs.writeFileSync(file, Array.from({ length: 9 }, (_, at) => `### Q: Above ${at}?\nA.\n`).join("") + questions.join(""));
  assert.deepEqual(await place(89), before);
  fs.writeFileSync(file, questions.slice(8).join(""));
  assert.equal((await place(72))[0], "true");
});
