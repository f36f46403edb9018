// The page of `deckpress preview`. All text of an author's is set as text; their HTML stands in
// sandboxed frames alone.
"use strict";

const $ = (id) => document.getElementById(id);
const ROW = 36;
const VIEWS = ["Card", "HTML", "CSV", "Markdown", "JSON"];

const state = {
  list: null,
  note: null,
  rows: [],
  folded: new Set(),
  only: null,
  id: decodeURIComponent(location.hash.slice(1)),
  view: "Card",
  side: "both",
  width: "desktop",
  night: matchMedia("(prefers-color-scheme: dark)").matches,
};

// Returns an element with its attributes, and what is in it.
function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...inside.filter((part) => part != null && part !== false));
  return element;
}

const amount = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

// The left side.

function flatten() {
  const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const isSearch = words.length > 0 || state.only;
  const rows = [];
  const fits = (question, above) => {
    const [id, text, marks, severity] = question;
    if (state.only && !marks.includes(state.only) && severity !== state.only) return false;
    if (!words.length) return true;
    const all = `${text} ${above} ${id} ${marks.join(" ")} ${severity || ""}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const group = (kind, key, text, level, rest) => {
    const isFolded = !isSearch && state.folded.has(key);
    const count = rest.filter((row) => row.kind === "question").length;
    if (!count) return;
    rows.push({ kind, key, text, level, count, isFolded });
    if (!isFolded) rows.push(...rest);
  };
  for (const [at, deck] of (state.list?.decks || []).entries()) {
    const inside = [];
    for (const topic of deck.topics) {
      const path = topic.path.join(" › ");
      const level = path ? 3 : 2;
      const questions = topic.questions
        .filter((question) => fits(question, `${deck.title} ${path}`))
        .map(([id, text, marks, severity]) => ({ kind: "question", key: id, text, marks, severity, level }));
      if (!questions.length) continue;
      if (!path) {
        inside.push(...questions);
        continue;
      }
      const key = `${at} ${path}`;
      const isFolded = !isSearch && state.folded.has(key);
      inside.push({ kind: "topic", key, text: path, level: 2, count: questions.length, isFolded, hides: isFolded ? questions.length : 0 });
      if (!isFolded) inside.push(...questions);
    }
    const key = `${at}`;
    const count = inside.reduce((sum, row) => sum + (row.kind === "question" ? 1 : row.hides || 0), 0);
    if (!count) continue;
    const isFolded = !isSearch && state.folded.has(key);
    rows.push({ kind: "deck", key, text: deck.title || "Untitled", level: 1, count, isFolded });
    if (!isFolded) rows.push(...inside);
  }
  const gone = (state.list?.retired || [])
    .map(([id, text]) => [id, text, ["retired"], null])
    .filter((question) => fits(question, "retired"))
    .map(([id, text, marks]) => ({ kind: "question", key: id, text, marks, level: 2, isRetired: true }));
  group("deck", "retired", "Taken out", 1, gone);
  state.rows = rows;
  $("rows").style.height = `${rows.length * ROW}px`;
  state.drawn = "";
  draw();
}

function draw() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 8);
  const last = Math.min(state.rows.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 8);
  const drawn = `${first} ${last} ${state.id} ${state.focus}`;
  if (drawn === state.drawn) return;
  state.drawn = drawn;
  const rows = state.rows.slice(first, last).map((row, at) => rowElement(row, first + at));
  $("rows").replaceChildren(...(state.rows.length ? rows : [make("p", { class: "none", role: "presentation" }, state.list ? "No question fits." : "…")]));
  const active = state.rows.findIndex((row) => row.key === state.focus);
  if (active >= first && active < last) list.setAttribute("aria-activedescendant", `row-${active}`);
  else list.removeAttribute("aria-activedescendant");
}

function rowElement(row, at) {
  const isQuestion = row.kind === "question";
  const element = make("div", {
    class: `row ${row.kind}${row.isRetired ? " retired" : ""}`,
    id: `row-${at}`,
    role: "treeitem",
    "aria-level": row.level,
    "aria-setsize": state.rows.length,
    "aria-posinset": at + 1,
    "aria-selected": isQuestion ? String(row.key === state.id) : null,
    "aria-expanded": isQuestion ? null : String(!row.isFolded),
    title: row.text,
    onclick: () => (isQuestion ? choose(row.key, true) : fold(row)),
  });
  element.style.top = `${at * ROW}px`;
  if (!isQuestion) element.append(make("span", { class: "fold", "aria-hidden": "true" }, row.isFolded ? "▸" : "▾"));
  element.append(make("span", { class: "text", dir: "auto" }, row.text || "Without words"));
  if (!isQuestion) element.append(make("span", { class: "count" }, row.count.toLocaleString("en")));
  for (const mark of [...(row.marks || []), row.severity].filter(Boolean)) element.append(dot(mark));
  return element;
}

// Returns a mark as a dot that has a name.
const dot = (mark) => make("span", { class: `dot ${mark}`, title: mark }, make("span", { class: "hidden" }, mark));

function fold(row, wanted = !row.isFolded) {
  if (wanted) state.folded.add(row.key);
  else state.folded.delete(row.key);
  state.focus = row.key;
  flatten();
}

function reveal(key) {
  const at = state.rows.findIndex((row) => row.key === key);
  const list = $("list");
  if (at < 0) return;
  const top = at * ROW;
  if (top < list.scrollTop + ROW) list.scrollTop = top - 2 * ROW;
  else if (top + 2 * ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + 3 * ROW - list.clientHeight;
}

function step(by) {
  const questions = state.rows.filter((row) => row.kind === "question");
  if (!questions.length) return;
  const at = questions.findIndex((row) => row.key === state.id);
  const next = at < 0 ? 0 : Math.min(questions.length - 1, Math.max(0, at + by));
  choose(questions[next].key);
}

function drawMarks() {
  const counts = new Map();
  const count = (mark) => mark && counts.set(mark, (counts.get(mark) || 0) + 1);
  for (const deck of state.list.decks || [])
    for (const topic of deck.topics)
      for (const [, , marks, severity] of topic.questions) {
        marks.forEach(count);
        count(severity);
      }
  (state.list.retired || []).forEach(() => count("retired"));
  if (!counts.has(state.only)) state.only = null;
  const button = ([mark, count]) =>
    make("button", {
      type: "button",
      "aria-pressed": String(state.only === mark),
      onclick: () => {
        state.only = state.only === mark ? null : mark;
        drawMarks();
        flatten();
      },
    }, make("span", { class: `dot ${mark}`, "aria-hidden": "true" }), `${count.toLocaleString("en")} ${mark}`);
  $("marks").replaceChildren(...[...counts].map(button));
}

// The right side.

function place(where) {
  const { editor } = state.list;
  const text = `${where.file}:${where.line}`;
  const label = `Open ${text} in the editor`;
  if (editor.link) {
    const part = (name) => (name === "path" ? where.path.split("/").map(encodeURIComponent).join("/") : where[name]);
    const href = editor.link.replace(/\{(path|line|column)\}/g, (_, name) => part(name));
    return make("a", { class: "place", href, title: label }, text);
  }
  if (editor.command) return make("button", { class: "place", type: "button", title: label, onclick: () => edit(where) }, text);
  return make("span", { class: "place" }, text);
}

async function edit(where) {
  const query = new URLSearchParams({ path: where.path, line: where.line, column: where.column });
  const answer = await fetch(`edit?${query}`, { method: "POST" });
  if (!answer.ok) say("The editor could not be opened.");
}

function problemElement(problem) {
  const at = (where) =>
    make("div", {},
      place(where),
      where.lines.length > 0 && make("pre", { tabindex: "0", "aria-label": "Source" }, ...where.lines.flatMap(([before, at, after], index) => [
        index ? "\n" : "", before, make("mark", {}, at), after,
      ])),
      where.label && make("p", { class: "label" }, where.label),
    );
  return make("li", { class: `problem ${problem.severity}` },
    make("h2", {}, problem.message),
    make("p", { class: "code" }, `${problem.severity} · ${problem.code}`),
    at(problem.place),
    ...problem.related.map(at),
    problem.help && make("p", { class: "help" }, problem.help),
  );
}

const problemList = (problems) => make("ul", { class: "problems" }, ...problems.map(problemElement));

// Returns a document for a frame.
function frameDocument(html, ordinal, css) {
  const isPhone = state.width === "phone";
  const classes = ["card", `card${ordinal + 1}`, state.night && "nightMode night_mode", !isPhone && "isLin"];
  const [start, end] = state.list.frame;
  const before = isPhone ? start.replace("<html>", '<html class="mobile android linux js">') : start;
  const head = before + (css ?? state.list.css) + end;
  const id = isPhone ? "content" : "qa";
  return `${head}<body class="${classes.filter(Boolean).join(" ")}"><div id="${id}" dir="auto">${html}</div></body></html>`;
}

function frameElement(caption, html, card, key, name) {
  const frame = make("iframe", { sandbox: "allow-scripts", title: name, loading: "lazy", "data-key": key });
  frame.srcdoc = frameDocument(html, card.ordinal, card.css);
  frame.shown = frame.srcdoc;
  return make("figure", {}, make("figcaption", {}, caption), frame);
}

function sidesElement(card, [front, back], guid, name, isPast) {
  const captions = isPast ? ["Question, before", "Answer, before"] : ["Question", "Answer"];
  const sides = [];
  if (state.side !== "answer") sides.push(frameElement(captions[0], front, card, `${guid} ${card.ordinal} ${captions[0]}`, `${name}: ${captions[0].toLowerCase()}`));
  if (state.side !== "question") sides.push(frameElement(captions[1], back, card, `${guid} ${card.ordinal} ${captions[1]}`, `${name}: ${captions[1].toLowerCase()}`));
  return make("div", { class: isPast ? "sides past" : "sides" }, ...sides);
}

function cardElements() {
  const elements = [];
  for (const note of state.note.notes) {
    for (const card of note.cards) {
      card.css = note.css;
      const kind = note.guid.endsWith("+recall") ? "Key point" : card.template;
      const number = note.is_cloze ? `${kind} ${card.ordinal + 1}` : kind;
      const head = make("div", { class: "card-head" }, make("h2", {}, number), make("span", {}, note.type));
      elements.push(head, sidesElement(card, [card.front, card.back], note.guid, number, false));
      if (card.before) elements.push(sidesElement(card, card.before, note.guid, number, true));
    }
  }
  return elements;
}

const sourceElement = (text) => make("pre", { class: "source", tabindex: "0" }, text);

function viewElements() {
  const { note, view } = state;
  if (!note.notes.length) return [make("p", { class: "quiet" }, "No card is made of this question.")];
  switch (state.view) {
    case "HTML":
      return note.notes.flatMap((its) => its.cards.flatMap((card) => [
        make("h3", { class: "label" }, `${card.template} ${card.ordinal + 1}, question`), sourceElement(card.html[0]),
        make("h3", { class: "label" }, `${card.template} ${card.ordinal + 1}, answer`), sourceElement(card.html[1]),
      ]));
    case "CSV": return [sourceElement(note.csv ?? "")];
    case "Markdown": return [sourceElement(note.markdown ?? "")];
    case "JSON": return [sourceElement(note.json ?? "")];
    default: return cardElements();
  }
}

// Draws the question. Frames that show the same as before stay, with all that was done in them.
function drawNote() {
  const root = $("note");
  const { note, list } = state;
  document.documentElement.toggleAttribute("data-night", state.night);
  document.body.dataset.width = state.width;
  document.title = note ? "Preview · deckpress" : "deckpress preview";
  if (!note) {
    const isEmpty = list && !list.decks?.length;
    root.replaceChildren(
      make("p", { class: "empty" }, isEmpty ? "There is no question in the content yet." : list ? "Choose a question." : "…"),
      ...(list?.problems?.length ? [problemList(list.problems)] : []),
    );
    return;
  }
  if (note.retired) {
    root.replaceChildren(make("p", { class: "empty" }, note.question), make("p", { class: "quiet" }, "This question was taken out. Learners keep its cards until they delete them."));
    return;
  }
  const old = new Map([...root.querySelectorAll("iframe")].map((frame) => [frame.dataset.key, frame]));
  const text = state.rows.find((row) => row.key === note.id)?.text;
  const title = make("h1", { class: "hidden" }, text || "Question");
  const where = make("div", { class: "where" },
    make("span", {}, [note.deck, ...note.topic].filter(Boolean).join(" › ")),
    note.tags.length > 0 && make("span", {}, note.tags.map((tag) => `#${tag}`).join(" ")),
    place(note.place),
  );
  const changes = note.changes.map((change) => make("p", { class: "change" }, make("span", { class: "mark" }, change)));
  const isSame = state.drawnId === note.id;
  const scroll = isSame ? root.scrollTop : 0;
  const elements = [title, where, ...changes, ...viewElements(), ...(note.problems.length ? [problemList(note.problems)] : [])];
  const frames = elements.flatMap((element) => [...element.querySelectorAll("iframe")]);
  const same = isSame && frames.length === old.size && frames.every((frame) => old.has(frame.dataset.key));
  if (same && frames.length) {
    // A frame that is moved in the document begins anew, so everything else is changed around it.
    patch(root, elements);
  } else {
    root.replaceChildren(...elements);
  }
  root.scrollTop = scroll;
  state.drawnId = note.id;
}

// Replaces all but the frames, and each frame that shows something else. (In Chromium a frame whose
// `srcdoc` is set while it still loads may stay blank.)
function patch(root, elements) {
  const frames = new Map([...root.querySelectorAll("iframe")].map((frame) => [frame.dataset.key, frame]));
  const holders = (element) => element.classList.contains("sides");
  const kept = [...root.children].filter(holders);
  const fresh = elements.filter(holders);
  for (const child of [...root.children]) if (!holders(child)) child.remove();
  let at = 0;
  for (const element of elements) {
    if (holders(element)) {
      at += 1;
      continue;
    }
    root.insertBefore(element, kept[at] || null);
  }
  for (const element of fresh) {
    for (const frame of element.querySelectorAll("iframe")) {
      const own = frames.get(frame.dataset.key);
      if (own.shown === frame.shown) continue;
      const figure = own.closest("figure");
      frame.style.height = own.style.height;
      own.replaceWith(frame);
      figure.classList.remove("fresh");
      void figure.offsetWidth;
      figure.classList.add("fresh");
    }
  }
}

function drawAlarm() {
  const alarm = $("alarm");
  const { unreadable, errors = [] } = state.list;
  alarm.hidden = !unreadable && !errors.length;
  if (alarm.hidden) {
    alarm.replaceChildren();
    return;
  }
  const isStale = errors.length && state.list.decks?.length;
  alarm.replaceChildren(
    make("strong", {}, unreadable ? "The content cannot be read" : amount(errors.length, "error")),
    unreadable ? make("p", {}, unreadable) : make("span", {}, isStale ? " · shown is the last state without" : ""),
    ...(errors.length ? [problemList(errors)] : []),
  );
}

function choose(id, isClick) {
  state.id = id;
  state.focus = id;
  history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  document.body.dataset.shows = isClick || document.body.dataset.shows !== "list" ? "note" : "list";
  reveal(id);
  draw();
  return loadNote();
}

async function loadNote() {
  const id = state.id;
  if (!id) return drawNote();
  const answer = await fetch(`note?id=${encodeURIComponent(id)}`);
  if (id !== state.id) return;
  state.note = answer.ok ? await answer.json() : null;
  if (id === state.id) drawNote();
}

function say(word) {
  $("word").textContent = word;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => ($("word").textContent = ""), 5000);
}

// Whatever the page and a frame do together.

function control(id, values, key, then) {
  const draw = () =>
    $(id).replaceChildren(...values.map(([value, text]) =>
      make("button", {
        type: "button",
        "aria-pressed": String(state[key] === value),
        onclick: () => {
          state[key] = value;
          draw();
          drawNote();
        },
      }, text)));
  draw();
  return draw;
}

const drawSides = control("sides", [["question", "Question"], ["answer", "Answer"], ["both", "Both"]], "side");
const drawWidths = control("widths", [["desktop", "Desktop"], ["phone", "Phone"]], "width");

function drawViews() {
  $("views").replaceChildren(...VIEWS.map((view) =>
    make("button", {
      type: "button",
      role: "tab",
      "aria-selected": String(view === state.view),
      "aria-controls": "note",
      tabindex: view === state.view ? "0" : "-1",
      onclick: () => show(view),
    }, view)));
}

function show(view) {
  state.view = view;
  const hadFocus = $("views").contains(document.activeElement);
  drawViews();
  drawNote();
  if (hadFocus) $("views").querySelector("[aria-selected=true]").focus();
}

function setNight(isNight) {
  state.night = isNight;
  $("night").setAttribute("aria-pressed", String(isNight));
  drawNote();
}

function press(key) {
  switch (key) {
    case "j": return step(1);
    case "k": return step(-1);
    case " ":
      state.side = state.side === "question" ? "answer" : "question";
      drawSides();
      return drawNote();
    case "x": return tick();
    case "n": return setNight(!state.night);
    case "w":
      state.width = state.width === "phone" ? "desktop" : "phone";
      drawWidths();
      return drawNote();
    case "e": return state.note?.place && openEditor();
    case "/":
      document.body.dataset.shows = "list";
      return $("filter").focus();
    case "?": return $("keys").showModal();
  }
}

function openEditor() {
  const link = $("note").querySelector(".where .place");
  if (link && link.tagName !== "SPAN") link.click();
  else say("No editor is known: start with --editor, or set DECKPRESS_EDITOR.");
}

function tick() {
  for (const frame of document.querySelectorAll(".sides:not(.past) iframe")) {
    if (frame.title.endsWith(": answer")) {
      frame.contentWindow.postMessage({ tick: true }, "*");
      return;
    }
  }
}

addEventListener("message", (event) => {
  const frame = [...document.querySelectorAll("iframe")].find((frame) => frame.contentWindow === event.source);
  const what = event.data;
  if (!frame || typeof what !== "object" || what === null) return;
  if (Number.isFinite(what.height)) frame.style.height = `${Math.min(20000, Math.max(60, what.height))}px`;
  else if (Number.isFinite(what.scroll)) $("note").scrollTop += frame.getBoundingClientRect().top + what.scroll - $("note").getBoundingClientRect().top - 20;
  else if (typeof what.link === "string") say(`A link to ${what.link.slice(0, 300)}`);
  else if (typeof what.key === "string" && what.key.length === 1 && what.key !== "e") {
    if (what.key !== "x") press(what.key);
  }
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || $("keys").open) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") {
      $("filter").value = "";
      flatten();
      $("list").focus();
    }
    return;
  }
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  if (" jkxnwe/?".includes(event.key) && event.key.length === 1) {
    event.preventDefault();
    press(event.key);
  }
});

$("list").addEventListener("keydown", (event) => {
  const at = state.rows.findIndex((row) => row.key === (state.focus ?? state.id));
  const row = state.rows[at];
  const go = (to) => {
    const next = state.rows[Math.max(0, Math.min(state.rows.length - 1, to))];
    if (!next) return;
    state.focus = next.key;
    reveal(next.key);
    if (next.kind === "question") choose(next.key);
    else draw();
  };
  const page = Math.max(1, Math.floor($("list").clientHeight / ROW) - 1);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: state.rows.length - 1, PageDown: at + page, PageUp: at - page };
  if (event.key in moves) go(moves[event.key]);
  else if (event.key === "ArrowRight" && row && row.kind !== "question") fold(row, false);
  else if (event.key === "ArrowLeft" && row) {
    if (row.kind !== "question") fold(row, true);
    else go(state.rows.findLastIndex((other, index) => index < at && other.level < row.level));
  } else if (event.key === "Enter" && row) {
    if (row.kind === "question") {
      choose(row.key, true);
      $("note").focus();
    } else fold(row);
  } else return;
  event.preventDefault();
});

$("views").addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  show(VIEWS[(VIEWS.indexOf(state.view) + by + VIEWS.length) % VIEWS.length]);
});

$("list").addEventListener("scroll", draw, { passive: true });
addEventListener("resize", draw);
$("filter").addEventListener("input", () => {
  $("list").scrollTop = 0;
  flatten();
});
$("previous").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("night").addEventListener("click", () => setNight(!state.night));
$("help").addEventListener("click", () => $("keys").showModal());
$("back").addEventListener("click", () => {
  document.body.dataset.shows = "list";
  draw();
  $("list").focus();
});

async function load() {
  const answer = await fetch("list");
  const list = await answer.json();
  if (state.list && list.version < state.list.version) return;
  state.list = list;
  const counts = list.counts;
  $("counts").textContent = counts ? `${amount(counts.questions, "question")}, ${amount(counts.cards, "card")}` : "";
  drawMarks();
  drawAlarm();
  flatten();
  const isKnown = state.rows.some((row) => row.key === state.id);
  if (!isKnown && !$("filter").value && !state.only) {
    const first = state.rows.find((row) => row.kind === "question");
    const isLost = state.id && state.note;
    if (!isLost) state.id = first ? first.key : "";
  }
  await loadNote();
}

async function listen() {
  const events = new EventSource(`events?after=${state.list.version}`);
  events.addEventListener("message", (event) => {
    if (Number(event.data) > state.list.version) load();
  });
  events.addEventListener("open", () => {
    if (listen.isLost) {
      listen.isLost = false;
      say("Connected again.");
      load();
    }
  });
  events.addEventListener("error", () => {
    listen.isLost = true;
    say("deckpress has ended, or is not to be reached.");
  });
}

document.documentElement.toggleAttribute("data-night", state.night);
$("night").setAttribute("aria-pressed", String(state.night));
document.body.dataset.shows = "list";
drawViews();
load().then(() => {
  reveal(state.id);
  draw();
  listen();
});
