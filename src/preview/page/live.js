// What the server knows, as often as there is something new.

// Asks for what is new, one answer after the other.
async function load() {
  load.isAgain = true;
  if (load.isBusy) return loadNote(true);
  load.isBusy = true;
  try {
    while (load.isAgain) {
      load.isAgain = false;
      await loadList();
    }
  } finally {
    load.isBusy = false;
  }
}

// Asks for the list, and at the same time for the question that is shown.
async function loadList() {
  const before = state.list;
  const after = before ? `?after=${before.version}` : "";
  const [answer] = await Promise.all([fetch(`list${after}`), before && loadNote(true)]);
  const list = await answer.json();
  fill(list, before);
  const top = topOf(state.id);
  state.list = list;
  const counts = list.counts;
  $("counts").textContent = counts ? `${amount(counts.questions, "question")}, ${amount(counts.cards, "card")}` : "";
  drawMarks();
  drawAlarm();
  flatten();
  const id = successor(before, list, state.id);
  keepInView(id, top);
  const title = $("note").querySelector("h1");
  if (before && id === state.id && title) title.textContent = titleOf(id);
  else if (before && id === state.id) drawNote();
  else {
    state.id = state.focus = id;
    draw();
    await loadNote();
  }
}

// Puts the topics in that stand in the list as their number in the one before.
function fill(list, before) {
  const known = (before?.decks || []).flatMap((deck) => deck.topics);
  for (const deck of list.decks || []) deck.topics = deck.topics.map((topic) => (typeof topic === "number" ? known[topic] : topic));
}

const questionsOf = (list) => (list?.decks || []).flatMap((deck) => deck.topics.flatMap((topic) => topic.questions));

// Returns the question to show: the one that was shown; or, as what was never built has no id that
// stays, a new one of the same words, or at its place. One that is gone without any of these is
// shown again when it is back: some editors empty a file before they save it.
function successor(before, list, id) {
  const [old, now] = [questionsOf(before), questionsOf(list)];
  const [known, isThere] = [old, now].map((questions) => new Set(questions.map(([id]) => id)));
  const find = ([id, text]) => (now.find((other) => other[0] === id) ?? now.find((other) => other[1] === text && !known.has(other[0])))?.[0];
  const back = state.missed && find(state.missed);
  if (back) {
    state.missed = null;
    return back;
  }
  if (isThere.has(id) || (list.retired || []).some(([retired]) => retired === id)) return id;
  let at = old.findIndex((question) => question[0] === id);
  const gone = old[at];
  const same = gone && find(gone);
  if (same) return same;
  do at -= 1;
  while (at >= 0 && !isThere.has(old[at][0]));
  const next = (at < 0 ? now[0] : now[now.findIndex((question) => question[0] === old[at][0]) + 1])?.[0];
  if (next && !known.has(next)) return next;
  state.missed ??= gone ?? null;
  return (at < 0 ? next : old[at][0]) ?? "";
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
