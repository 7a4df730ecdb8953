/* Averages a block of numbers over the axes that the reader picks, and draws what is left. */
"use strict";

demos.register("axes", function (root, data) {
  // For each axis: what it counts, and what is lost when it is averaged over. white: the value
  // that is drawn as white; black: as black. rows: the number of the axis that counts rows.
  const ROWS = ["rows", "up and down"];
  const COLUMNS = ["columns", "left and right"];
  const COLORS = ["channels", "color"];
  const KINDS = {
    digits: {
      what: "60 digits",
      tensor: data.digits,
      black: 16,
      white: 0,
      rows: 1,
      axes: [["pictures", "which digit it was"], ROWS, COLUMNS],
    },
    photo: {
      what: "a photo",
      tensor: data.photo,
      black: 0,
      white: 255,
      rows: 0,
      axes: [ROWS, COLUMNS, COLORS],
    },
    film: {
      what: "a film",
      tensor: data.film,
      black: 0,
      white: 255,
      rows: 1,
      axes: [["frames", "when it was"], ROWS, COLUMNS, COLORS],
    },
  };
  let kind = KINDS.digits;
  let averaged = new Set();

  const { element } = demos;
  const select = element(
    "select",
    {
      id: "demo-axes-kind",
      onchange() {
        kind = KINDS[select.value];
        averaged = new Set();
        offerAxes();
        draw();
      },
    },
    ...Object.entries(KINDS).map(([name, { what }]) => element("option", { value: name }, what)),
  );
  const buttons = element("div", { role: "group", "aria-label": "Average over" });
  const canvas = element("canvas", { width: 640, height: 400, role: "img" });
  root.append(
    element("p", {}, element("label", { for: "demo-axes-kind" }, "Block: "), select),
    element("p", {}, "Average over:"),
    buttons,
    canvas,
  );
  const status = demos.status(root);

  function offerAxes() {
    buttons.replaceChildren(
      ...kind.axes.map(([counts], axis) =>
        element(
          "button",
          {
            type: "button",
            "aria-pressed": "false",
            onclick() {
              if (!averaged.delete(axis)) averaged.add(axis);
              this.setAttribute("aria-pressed", averaged.has(axis));
              draw();
            },
          },
          `axis ${axis}: ${kind.tensor.shape[axis]} ${counts}`,
        ),
      ),
    );
  }

  /* Return the means over some axes; these axes stay, with size 1. */
  function mean(tensor, axes) {
    const shape = tensor.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
    const total = new Float64Array(shape.reduce((a, b) => a * b, 1));
    tensor.forEach((value, at) => {
      let rest = at,
        step = 1,
        place = 0;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        if (!axes.has(axis)) {
          place += (rest % tensor.shape[axis]) * step;
          step *= shape[axis];
        }
        rest = Math.floor(rest / tensor.shape[axis]);
      }
      total[place] += value;
    });
    const share = total.length / tensor.length;
    return { values: total.map((sum) => sum * share), shape };
  }

  function draw() {
    const { values, shape } = mean(kind.tensor, averaged);
    const pictures = kind.rows ? shape[0] : 1;
    const [rows, columns, colors = 1] = shape.slice(kind.rows);
    const [height, width] = kind.tensor.shape.slice(kind.rows);

    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingEnabled = false;
    const across = pictures > 1 ? Math.ceil(Math.sqrt(1.6 * pictures)) : 1;
    const size = Math.min(
      canvas.width / across / width,
      canvas.height / Math.ceil(pictures / across) / height,
    );
    const one = element("canvas", { width: columns, height: rows });
    for (let n = 0; n < pictures; n++) {
      const pixels = new ImageData(columns, rows);
      for (let i = 0; i < 4 * rows * columns; i++) {
        const color = Math.min(i % 4, colors - 1); // a single channel three times: gray
        const value = values[(n * rows * columns + Math.floor(i / 4)) * colors + color];
        pixels.data[i] =
          i % 4 === 3 ? 255 : (255 * (value - kind.black)) / (kind.white - kind.black);
      }
      one.getContext("2d").putImageData(pixels, 0, 0);
      // an axis that was averaged over is drawn as long as it was
      pen.drawImage(
        one,
        (n % across) * size * width,
        Math.floor(n / across) * size * height,
        size * width - 2,
        size * height - 2,
      );
    }

    const left = shape.filter((_, axis) => !averaged.has(axis));
    const gone = [...averaged].sort().map((axis) => kind.axes[axis][1]);
    const write = (sizes) => `(${sizes.join(", ")}${sizes.length === 1 ? "," : ""})`;
    status.textContent = averaged.size
      ? `Shape ${write(kind.tensor.shape)} → ${write(left)}: ` +
        `${kind.tensor.length.toLocaleString("en")} numbers became ` +
        `${values.length.toLocaleString("en")}. Gone: ${gone.join("; ")}.`
      : `Shape ${write(kind.tensor.shape)}, ` +
        `${kind.tensor.length.toLocaleString("en")} numbers, nothing averaged.`;
    canvas.setAttribute("aria-label", `${kind.what}. ${status.textContent}`);
  }

  offerAxes();
  draw();
});
