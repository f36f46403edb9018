// What Anki's reviewer draws over a picture: the masks of image occlusion.
var anki = { imageOcclusion: (() => {
  const shown = { masks: true };
  const part = (element, name) => parseFloat(element.dataset[name]) || 0;

  function path(shape, width, height) {
    const path = new Path2D();
    const [left, top] = [part(shape, "left") * width, part(shape, "top") * height];
    switch (shape.dataset.shape) {
      case "rect": path.rect(left, top, part(shape, "width") * width, part(shape, "height") * height); break;
      case "ellipse": {
        const [rx, ry] = [part(shape, "rx") * width, part(shape, "ry") * height];
        path.ellipse(left + rx, top + ry, rx, ry, 0, 0, 2 * Math.PI);
        break;
      }
      case "polygon":
        for (const point of (shape.dataset.points || "").trim().split(/\s+/)) {
          const [x, y] = point.split(",").map(Number);
          path.lineTo(x * width, y * height);
        }
        path.closePath();
    }
    return path;
  }

  function draw() {
    const canvas = document.getElementById("image-occlusion-canvas");
    const image = document.querySelector("#image-occlusion-container img");
    if (!canvas || !image || !image.clientWidth) return;
    const [width, height, ratio] = [image.clientWidth, image.clientHeight, devicePixelRatio || 1];
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    Object.assign(canvas.style, { position: "absolute", left: `${image.offsetLeft}px`, top: `${image.offsetTop}px`, width: `${width}px`, height: `${height}px`, pointerEvents: "none" });
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    if (!shown.masks) return;
    const style = getComputedStyle(canvas);
    const paint = (selector, kind, colour, border) => {
      const [size, line] = (style.getPropertyValue(`--${kind}-shape-border`).trim() || border).split(/\s+(.*)/);
      context.fillStyle = style.getPropertyValue(`--${kind}-shape-color`).trim() || colour;
      context.strokeStyle = line || "#212121";
      context.lineWidth = parseFloat(size) || 1;
      for (const shape of document.querySelectorAll(selector)) {
        if (shape.dataset.shape === "text") continue;
        const outline = path(shape, width, height);
        context.fill(outline);
        context.stroke(outline);
      }
    };
    paint('.cloze-inactive[data-shape][data-occludeinactive="1"]', "inactive", "#ffeba2", "1px #212121");
    paint(".cloze[data-shape]", "active", "#ff8e8e", "1px #212121");
    paint(".cloze-highlight[data-shape]", "highlight", "#ff8e8e00", "1px #ff8e8e");
    context.fillStyle = "#212121";
    for (const shape of document.querySelectorAll('[data-shape="text"]')) {
      context.font = `${(part(shape, "fontSize") || 0.06) * height}px sans-serif`;
      context.textBaseline = "top";
      context.fillText(shape.dataset.text || "", part(shape, "left") * width, part(shape, "top") * height);
    }
  }

  function setup() {
    const container = document.getElementById("image-occlusion-container");
    if (!container) return;
    Object.assign(container.style, { position: "relative", display: "inline-block" });
    for (const image of container.querySelectorAll("img")) image.addEventListener("load", draw);
    new ResizeObserver(draw).observe(container);
    draw();
    document.getElementById("toggle")?.addEventListener("click", () => {
      shown.masks = !shown.masks;
      draw();
    });
  }
  return { setup };
})() };
