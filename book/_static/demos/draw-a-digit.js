/* Draw a digit; a network that was trained by the build answers.

   data.layers: the network. data.pictures: some test digits (n, 28, 28), 0 to 255.
   data.labels: what they show. data.p: Keras' probabilities for them (n, 10). */
"use strict";

demos.register(
  "draw-a-digit",
  function (root, data) {
    const { element } = demos;
    const { predict, tensor, unpack } = demos.network;
    const layers = unpack(data.layers);
    const SIZE = 280,
      PEN = 22,
      STEP = 10; // the sheet, its pen, a step of the keyboard, in pixels

    let strokes = []; // each a list of points
    let test = -1; // the test digit that is shown instead
    let down = false; // the pen of the keyboard
    let pen = { x: SIZE / 2, y: SIZE / 4 };
    let p; // the network's probabilities

    const sheet = element("canvas", {
      class: "draw-sheet",
      width: SIZE,
      height: SIZE,
      tabindex: "0",
      role: "application",
      "aria-label":
        "Drawing area. Arrow keys move the pen, space puts it down or lifts it, " +
        "Delete clears.",
      onpointerdown(event) {
        sheet.setPointerCapture(event.pointerId);
        if (test >= 0) clear();
        down = false;
        strokes.push([position(event)]);
        answer();
      },
      onpointermove(event) {
        if (!sheet.hasPointerCapture(event.pointerId)) return;
        strokes.at(-1).push(position(event));
        answer();
      },
      onlostpointercapture: say,
      onkeydown: steer,
      onfocus: answer,
      onblur: answer,
    });
    const paper = sheet.getContext("2d", { willReadFrequently: true });
    const seen = element("canvas", {
      class: "draw-seen",
      width: 28,
      height: 28,
      role: "img",
      "aria-label": "The picture that the network gets",
    });
    const framed = element("input", {
      type: "checkbox",
      checked: true,
      onchange() {
        answer();
        say();
      },
    });
    const bars = Array.from({ length: 10 }, () => element("span", { class: "draw-bar" }));
    const shares = bars.map(() => element("span", { class: "draw-share" }));
    root.append(
      element("p", {}, "Draw a digit with finger, mouse or arrow keys (space: pen down or up)."),
      element(
        "div",
        { class: "draw-desk" },
        element(
          "div",
          {},
          sheet,
          element(
            "div",
            { class: "draw-buttons" },
            element("button", { type: "button", onclick: clear }, "Clear"),
            element("button", { type: "button", onclick: next }, "Show a test digit"),
          ),
        ),
        element(
          "div",
          { class: "draw-answer" },
          element(
            "div",
            { class: "draw-input" },
            seen,
            element("span", {}, "28 by 28 pixels: what the network gets"),
          ),
          element(
            "ol",
            { class: "draw-bars", start: "0" },
            ...bars.map((bar, digit) =>
              element("li", {}, element("span", {}, String(digit)), bar, shares[digit]),
            ),
          ),
        ),
      ),
      element("label", { class: "demo-check" }, framed, "Fit into 20 by 20, then center"),
    );
    const status = demos.status(root);
    answer();
    say();

    function position(event) {
      const box = sheet.getBoundingClientRect();
      return {
        x: ((event.clientX - box.left) * SIZE) / box.width,
        y: ((event.clientY - box.top) * SIZE) / box.height,
      };
    }

    function steer(event) {
      const [dx, dy] = {
        ArrowLeft: [-1, 0],
        ArrowRight: [1, 0],
        ArrowUp: [0, -1],
        ArrowDown: [0, 1],
      }[event.key] ?? [0, 0];
      if (event.key === " ") {
        if (test >= 0) clear();
        down = !down;
        if (down) strokes.push([pen]);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        clear();
      } else if (dx || dy) {
        const inside = (value) => Math.min(SIZE, Math.max(0, value));
        pen = { x: inside(pen.x + dx * STEP), y: inside(pen.y + dy * STEP) };
        if (down) strokes.at(-1).push(pen);
      } else {
        return; // not ours: Tab has to work
      }
      event.preventDefault();
      answer();
      if (event.key === " ") say();
    }

    function clear() {
      begin(-1);
    }

    function next() {
      begin((test + 1) % data.labels.length);
    }

    /* Take a new sheet, blank or with a test digit. */
    function begin(which) {
      strokes = [];
      down = false;
      test = which;
      framed.disabled = test >= 0; // test digits come framed
      answer();
      say();
    }

    function drawStrokes() {
      paper.clearRect(0, 0, SIZE, SIZE);
      Object.assign(paper, {
        strokeStyle: "black",
        lineWidth: PEN,
        lineCap: "round",
        lineJoin: "round",
      });
      paper.beginPath();
      for (const [first, ...others] of strokes) {
        paper.moveTo(first.x, first.y);
        paper.lineTo(first.x, first.y); // a dot, too, is ink
        for (const point of others) paper.lineTo(point.x, point.y);
      }
      paper.stroke();
    }

    /* Show where the pen of the keyboard is. It is no ink: the ink has been read before. */
    function drawPen() {
      if (!sheet.matches(":focus-visible")) return;
      Object.assign(paper, { fillStyle: "white", strokeStyle: "#0b62a8", lineWidth: 4 });
      paper.beginPath();
      paper.arc(pen.x, pen.y, down ? 6 : PEN / 2, 0, 2 * Math.PI);
      paper.fill();
      paper.stroke();
    }

    /* From ink on the sheet to the input of the network: (28, 28, 1), 0 to 1. */
    function picture() {
      const x = tensor(28, 28, 1);
      if (test >= 0) {
        x.forEach((_, i) => {
          x[i] = data.pictures[784 * test + i] / 255;
        });
        return x;
      }
      const pixels = paper.getImageData(0, 0, SIZE, SIZE).data;
      const ink = (r, c) => pixels[4 * (r * SIZE + c) + 3] / 255; // how opaque
      return framed.checked ? frame(ink) : shrink(ink, { top: 0, left: 0, scale: SIZE / 28 });
    }

    /* As MNIST's makers did: fit into 20 by 20, then put the center of mass into the middle. */
    function frame(ink) {
      let top = SIZE,
        left = SIZE,
        bottom = -1,
        right = -1;
      for (let r = 0; r < SIZE; r++) {
        for (let c = 0; c < SIZE; c++) {
          if (ink(r, c) < 0.5) continue;
          top = Math.min(top, r);
          bottom = Math.max(bottom, r);
          left = Math.min(left, c);
          right = Math.max(right, c);
        }
      }
      if (bottom < 0) return tensor(28, 28, 1);
      const scale = Math.max(bottom - top + 1, right - left + 1) / 20;
      const small = shrink(ink, { top, left, scale });
      let mass = 0,
        row = 0,
        column = 0; // of the center
      small.forEach((value, i) => {
        mass += value;
        row += value * Math.floor(i / 28);
        column += value * (i % 28);
      });
      return shrink(ink, {
        top: top - Math.round(13.5 - row / mass) * scale,
        left: left - Math.round(13.5 - column / mass) * scale,
        scale,
      });
    }

    /* Average the ink under each of 28 by 28 squares of the given scale. */
    function shrink(ink, { top, left, scale }) {
      const x = tensor(28, 28, 1),
        samples = 4; // each way, in each square
      x.forEach((_, i) => {
        for (let s = 0; s < samples * samples; s++) {
          const r = Math.floor(top + (Math.floor(i / 28) + (s >> 2) / samples) * scale);
          const c = Math.floor(left + ((i % 28) + (s & 3) / samples) * scale);
          if (r >= 0 && c >= 0 && r < SIZE && c < SIZE) x[i] += ink(r, c) / samples ** 2;
        }
      });
      return x;
    }

    function answer() {
      drawStrokes();
      const x = picture();
      show(x);
      drawPen();
      p = isBlank() ? new Float32Array(10) : predict(layers, x);
      const best = p.indexOf(Math.max(...p));
      p.forEach((share, digit) => {
        bars[digit].style.width = `${100 * share}%`;
        bars[digit].parentElement.classList.toggle("draw-best", digit === best && share > 0);
        shares[digit].textContent = share.toFixed(2);
      });
    }

    /* Show the network's input, small, and a test digit on the sheet, too. */
    function show(x) {
      const context = seen.getContext("2d");
      const image = context.createImageData(28, 28);
      x.forEach((value, i) => {
        image.data.fill(255 * (1 - value), 4 * i, 4 * i + 3); // red, green, blue
        image.data[4 * i + 3] = 255;
      });
      context.putImageData(image, 0, 0);
      if (test < 0) return;
      paper.imageSmoothingEnabled = false;
      paper.drawImage(seen, 0, 0, SIZE, SIZE);
    }

    function isBlank() {
      return test < 0 && strokes.length === 0;
    }

    /* Say the answer in words, once a stroke is finished. */
    function say() {
      const best = p.indexOf(Math.max(...p));
      const words = `The network says ${best}, with probability ${p[best].toFixed(2)}.`;
      if (test < 0) {
        status.textContent = isBlank() ? "The sheet is blank." : words;
        return;
      }
      const off = p.reduce(
        (most, share, digit) => Math.max(most, Math.abs(share - data.p[10 * test + digit])),
        0,
      );
      status.textContent =
        `Test digit ${test + 1}, a ${data.labels[test]}. ${words} ` +
        `Largest difference to Keras: ${off.toExponential(0)}.`;
    }
  },
  "network",
);
