// Provokes whatever may lie in wait on the card at this moment, and returns what should not be
// there at all, as JSON. What the provocation sets off shows a little later, in `window.pwned`.
(() => {
  const card = document.getElementById("qa");
  const elements = [...card.querySelectorAll("*")];
  const found = [];
  const tell = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  // MathJax hides a copy of each formula for screen readers.
  const isCopy = (element) => element.closest("mjx-assistive-mml") !== null;
  const shown = elements.filter((element) => !isCopy(element) && element.getClientRects().length);

  const frame = [...card.children].filter((e) => !e.matches("style:first-child, .sheet, script"));
  for (const element of frame) tell("beside the card", element);

  const alien =
    "iframe, frame, frameset, object, embed, applet, form, base, meta, link, style, title, svg, math, " +
    "template, textarea, select, button, dialog, noscript, xmp, plaintext, portal, image, custom-element";
  for (const element of elements) {
    const isStyleSheet = element.matches("#qa > style:first-child");
    if (element.matches(alien) && !isCopy(element) && !isStyleSheet) tell("an element", element);
    for (const { name } of [...element.attributes]) {
      const isHandler = name.startsWith("on");
      const isDoor = /^(id|name|target|ping|srcset|srcdoc|formaction|action|background|usemap|ismap|autofocus|autoplay|contenteditable|popover|is|slot|part|nonce|accesskey|hidden|inert|download)$/.test(name);
      const isOurs = name === "id" && element.matches("hr#answer, #typeans, mjx-container *");
      if (isHandler || (isDoor && !isOurs)) tell(`the attribute ${name}`, element);
    }
    if (element.matches("mjx-container [id]:not([id^=mjx-])")) tell("an id", element);
  }

  // Relative addresses have the page's own protocol.
  const protocols = {
    href: ["http:", "https:", "mailto:", "tel:"],
    src: ["http:", "https:", "data:"],
    poster: ["http:", "https:"],
    cite: ["http:", "https:"],
    "xlink:href": [],
    data: [],
  };
  for (const [name, allowed] of Object.entries(protocols)) {
    for (const element of elements) {
      if (!element.hasAttribute(name)) continue;
      const value = element.getAttribute(name);
      // What is no address at all leads nowhere.
      if (!URL.canParse(value, document.baseURI)) continue;
      const { protocol } = new URL(value, document.baseURI);
      const isText = protocol === "data:" && !/^data:image\//i.test(value);
      if (!allowed.includes(protocol) || isText) tell(`the address of ${name}`, element);
    }
  }

  // Nothing lies over the card, beside it, or is larger than a window.
  const bounds = card.getBoundingClientRect();
  const page = document.scrollingElement;
  const clips = (element) => /auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX);
  const isClipped = (element) => {
    for (let e = element.parentElement; e && e !== card; e = e.parentElement) if (clips(e)) return true;
    return false;
  };
  for (const element of shown) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const isInFormula = element.closest("mjx-container") !== null;
    if (/fixed|sticky/.test(style.position)) tell(style.position, element);
    if (style.position === "absolute" && !isInFormula) tell("absolute", element);
    const isLarge = element.childElementCount === 0 && box.height > 900;
    if (isLarge || box.width > page.clientWidth + 1 && !isClipped(element)) tell("large", element);
    const isOutside = box.top < bounds.top - 30 || box.bottom > bounds.bottom + 30;
    if ((isOutside || box.left < -1) && !isClipped(element)) tell("outside", element);
    if (/url\(/.test(style.backgroundImage + style.content + style.listStyleImage)) tell("a picture behind", element);
  }

  // An address that is none has the protocol ":".
  const isHarmless = (link) => /^(https?|mailto|tel)?:$/.test(link.protocol);
  const stay = (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && isHarmless(link)) event.preventDefault();
  };
  document.addEventListener("click", stay, true);
  const events =
    "mouseover mouseenter mousemove mousedown mouseup pointerenter pointerdown pointerup auxclick dblclick " +
    "focus focusin blur input beforeinput change toggle load error wheel scroll animationstart begin copy " +
    "drag drop start close slotchange submit";
  for (const element of elements) {
    for (const type of events.split(" ")) {
      if (type !== "error" && type !== "load" || !element.closest("#qa > *")?.matches("script, style")) {
        element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
      }
    }
    element.focus?.();
    element.click?.();
  }
  document.removeEventListener("click", stay, true);
  return JSON.stringify({
    found,
    scripts: [...card.querySelectorAll("script")].map((script) => script.textContent.trim()),
    text: card.innerText,
  });
})()
