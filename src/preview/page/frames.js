// The sides of the cards, each in a sandboxed frame.
//
// A frame's document is empty at first, and gets its side as a message. So it can get another one
// without loading anew, as Anki's own window does; but where a script of the author's runs, each
// side has a document of its own, in which no other one has left anything.

function frameDocument(ordinal) {
  const isPhone = state.width === "phone";
  const classes = ["card", `card${ordinal + 1}`, state.night && "nightMode night_mode", !isPhone && "isLin"];
  const [start, end] = state.list.frame;
  const head = (isPhone ? start.replace("<html>", '<html class="mobile android linux js">') : start) + end;
  return `${head}<body class="${classes.filter(Boolean).join(" ")}"><div id="${isPhone ? "content" : "qa"}" dir="auto"></div></body></html>`;
}

function frameElement(caption, html, card, name) {
  const frame = make("iframe", { sandbox: "allow-scripts", title: name, loading: "lazy", "aria-busy": "true" });
  frame.srcdoc = frameDocument(card.ordinal);
  frame.side = { html, css: card.css ?? state.note.css };
  frame.isActive = card.is_active;
  frame.number = 0;
  return make("figure", {}, make("figcaption", {}, caption), frame);
}

function sidesElement(card, [front, back], key, name, isPast) {
  const captions = isPast ? ["Question, before", "Answer, before"] : ["Question", "Answer"];
  const element = (caption, html) => frameElement(caption, html, card, `${name}: ${caption.toLowerCase()}`);
  const sides = [];
  if (state.side !== "answer") sides.push(element(captions[0], front));
  if (state.side !== "question") sides.push(element(captions[1], back));
  return make("div", { class: isPast ? "sides past" : "sides", "data-key": `${key} ${isPast} ${state.side}` }, ...sides);
}

// Hands its side to a frame that can show it.
function send(frame) {
  frame.number += 1;
  frame.setAttribute("aria-busy", "true");
  frame.contentWindow.postMessage({ side: frame.side, number: frame.number }, "*");
}

// Lets the frames in `kept` show what those in `fresh` would. Returns those that change.
function updateSides(kept, fresh) {
  const framesOf = (element) => [...element.querySelectorAll("iframe")];
  const wanted = framesOf(fresh);
  return framesOf(kept).filter((frame, at) => {
    const { side, srcdoc, isActive, title } = wanted[at];
    const isSame = frame.srcdoc === srcdoc && frame.side.html === side.html && frame.side.css === side.css;
    frame.title = title;
    if (isSame) return false;
    if (frame.srcdoc !== srcdoc || frame.isActive || isActive) {
      wanted[at].style.height = frame.style.height;
      frame.replaceWith(wanted[at]);
    } else {
      frame.side = side;
      // One that is still loading gets it when it is there.
      if (frame.isReady) send(frame);
    }
    return true;
  });
}
