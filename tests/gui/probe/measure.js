// What the reviewer shows at this moment, as JSON.
(() => {
  const page = document.scrollingElement;
  const card = document.getElementById("qa");
  if (!card || !card.firstChild) return JSON.stringify({ ready: false });

  const isShown = (element) => element.getClientRects().length > 0;
  const within = (element, selector) => element.parentElement.closest(selector) !== null;

  // Text of its own, outside of formulas, which draw theirs.
  const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const isHidden = !node.data.trim() || !isShown(node.parentElement);
    if (!isHidden && !within(node, "mjx-container, style, script")) texts.push(node);
  }
  const prose = texts.filter((node) => !within(node, "code, pre")).map((node) => node.data).join(" ");

  // The contrast of each text with what is behind it, as WCAG 2 defines it.
  const channels = (color) => (color.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = channels(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const a = luminance(channels(getComputedStyle(element).color));
    const b = luminance(background(element));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  let faintest = { contrast: 21, text: "" };
  for (const node of texts) {
    const value = Math.round(contrast(node.parentElement) * 100) / 100;
    if (value < faintest.contrast) faintest = { contrast: value, text: node.data.trim().slice(0, 40) };
  }

  // What sticks out sideways without a box of its own to scroll in.
  const scrolls = (element) => /auto|scroll|hidden/.test(getComputedStyle(element).overflowX);
  const sticking = [...card.querySelectorAll("*")].filter((element) => {
    if (element.getBoundingClientRect().right <= page.clientWidth + 0.5) return false;
    for (let e = element.parentElement; e && e !== card; e = e.parentElement) {
      if (scrolls(e)) return false;
    }
    return isShown(element);
  });

  const math = card.querySelectorAll("mjx-container");
  const isTypeset = !/\\[(\[]/.test(prose);
  const images = [...card.querySelectorAll("img")];
  const style = getComputedStyle(card);
  return JSON.stringify({
    ready:
      style.opacity === "1" &&
      style.visibility === "visible" &&
      isTypeset &&
      images.every((image) => image.complete) &&
      document.fonts.status === "loaded",
    isAnswer: document.querySelector(".foot") !== null,
    text: card.innerText,
    math: math.length,
    mathErrors: card.querySelectorAll("mjx-merror, [data-mjx-error]").length,
    images: images.length,
    brokenImages: images.filter((image) => image.naturalWidth === 0).length,
    night: document.body.classList.contains("nightMode"),
    background: channels(getComputedStyle(document.body).backgroundColor),
    faintest,
    scrollWidth: page.scrollWidth,
    clientWidth: page.clientWidth,
    height: Math.ceil(card.getBoundingClientRect().bottom + page.scrollTop + 40),
    sticking: sticking.slice(0, 5).map((e) => e.outerHTML.slice(0, 80)),
  });
})()
