// What turns and changes the view: buttons, keys, and what a frame hands on.

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
  if (what.ready === true && !frame.isReady) {
    frame.isReady = true;
    send(frame);
  } else if (Number.isFinite(what.height)) {
    frame.style.height = `${Math.min(20000, Math.max(60, what.height))}px`;
    if (what.number === frame.number) frame.removeAttribute("aria-busy");
  } else if (Number.isFinite(what.scroll)) $("note").scrollTop += frame.getBoundingClientRect().top + what.scroll - $("note").getBoundingClientRect().top - 20;
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
