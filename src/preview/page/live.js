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
  state.list = list;
  const counts = list.counts;
  $("counts").textContent = counts ? `${amount(counts.questions, "question")}, ${amount(counts.cards, "card")}` : "";
  drawMarks();
  drawAlarm();
  flatten();
  const id = successor(before, list, state.id);
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

const idsOf = (list) => (list?.decks || []).flatMap((deck) => deck.topics.flatMap((topic) => topic.questions.map(([id]) => id)));

// Returns the question to show: the one that was shown, or what is new at its place. (What was
// never built has no id that stays when it is worded otherwise.) One that is gone without anything
// in its place is shown again when it is back: some editors empty a file before they save it.
function successor(before, list, id) {
  const now = idsOf(list);
  const isThere = new Set(now);
  const { missed } = state;
  state.missed = null;
  if (missed && isThere.has(missed)) return missed;
  if (isThere.has(id) || (list.retired || []).some(([retired]) => retired === id)) {
    state.missed = missed;
    return id;
  }
  const old = idsOf(before);
  const known = new Set(old);
  let at = old.indexOf(id) - 1;
  while (at >= 0 && !isThere.has(old[at])) at -= 1;
  const next = at < 0 ? now[0] : now[now.indexOf(old[at]) + 1];
  if (next && !known.has(next)) return next;
  state.missed = missed || id;
  return (at < 0 ? next : old[at]) ?? "";
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
