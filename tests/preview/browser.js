// The browser, and the program that it looks at.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");

const ROOT = path.resolve(__dirname, "../..");
const DECKPRESS = process.env.DECKPRESS || path.join(ROOT, "target/release/deckpress");
const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// Makes a folder that is removed with the test.
function folder(test) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "deckpress-preview-"));
  test.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

// Makes a copy of a content folder.
function copy(test, content) {
  const made = path.join(folder(test), "content");
  fs.cpSync(path.join(ROOT, content), made, { recursive: true });
  fs.rmSync(path.join(made, "deckpress.lock"), { force: true });
  return made;
}

function build(content, out, ...options) {
  const run = spawnSync(DECKPRESS, ["build", content, "--out", out, ...options], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
}

// Starts a preview; returns its address.
function preview(test, content, ...options) {
  const command = ["preview", content, "--message-format", "json", "--out", `${content}-out`, ...options];
  const program = spawn(DECKPRESS, command, { stdio: ["ignore", "pipe", "inherit"] });
  test.after(() => program.kill());
  return new Promise((resolve, reject) => {
    let said = "";
    program.on("exit", (code) => reject(new Error(`deckpress has ended with ${code}`)));
    program.stdout.on("data", (data) => {
      said += data;
      const found = said.match(/"address":"([^"]+)"/);
      if (found) resolve(found[1]);
    });
  });
}

// Opens a page; returns it with what went wrong in it, and what it asked for elsewhere.
async function open(test, address, options = {}) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  test.after(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", ...options });
  const page = await context.newPage();
  const seen = { errors: [], complaints: [], requests: [], dialogs: [], pages: 0, navigations: [] };
  const origin = address.startsWith("http") ? new URL(address).origin : "file://";
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
  page.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    dialog.dismiss();
  });
  context.on("page", () => (seen.pages += 1));
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|about|blob):/.test(url)) seen.requests.push(url);
  });
  page.on("framenavigated", (frame) => {
    const url = frame.url();
    if (frame === page.mainFrame() ? url.split("#")[0] !== address : !/^about:(srcdoc|blank)$/.test(url)) seen.navigations.push(url);
  });
  await page.goto(address);
  return { page, seen, context };
}

// Waits until every frame shows its side and has said how tall it is, and none grows any more.
async function settle(page) {
  let last = "";
  for (;;) {
    await page.waitForTimeout(80);
    const heights = JSON.stringify(await page.$$eval("iframe", (all) => all.map((frame) => frame.ariaBusy || frame.style.height)));
    if (heights === last && !heights.includes('"true"')) return;
    last = heights;
  }
}

// Returns what axe has to say against a page.
async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run({ iframes: false }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}

module.exports = { ROOT, DECKPRESS, build, copy, folder, open, preview, settle, violations };
