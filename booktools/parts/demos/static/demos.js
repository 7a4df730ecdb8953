/* Brings the demos of a page to life: each when it comes near, from _static/demos/NAME.js.

   A demo is a classic script, so that it works from a folder too:

     demos.register("NAME", function (root, data) { ... }, "library", ...);

   root: an empty div, for controls, SVG or canvas. data: what the chapter passed to
   demos.show, with arrays as typed arrays that have a .shape. Libraries are other files in
   _static/demos, loaded first. */
"use strict";

// biome-ignore lint/correctness/noUnusedVariables: the scripts of demos use it
const demos = (function () {
  const here = document.currentScript.src;
  const files = new Map(); // file: a promise that it is loaded
  const known = new Map(); // name: what register was told
  let sliders = 0;

  const ARRAYS = {
    uint8: Uint8Array,
    int8: Int8Array,
    uint16: Uint16Array,
    int16: Int16Array,
    uint32: Uint32Array,
    int32: Int32Array,
    float32: Float32Array,
    float64: Float64Array,
  };
  const SVG = new Set([
    "svg",
    "g",
    "path",
    "line",
    "polyline",
    "polygon",
    "circle",
    "ellipse",
    "rect",
    "text",
    "tspan",
  ]);

  /* Make an element: attributes by name, event handlers as onclick and the like. */
  function element(tag, attributes = {}, ...children) {
    const made = SVG.has(tag)
      ? document.createElementNS("http://www.w3.org/2000/svg", tag)
      : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "style") {
        throw new Error("the page's policy forbids style attributes: use a class, or .style.x");
      } else if (typeof value === "function") {
        made.addEventListener(name.slice(2), guarded(made, value));
      } else if (value !== false && value !== null && value !== undefined) {
        made.setAttribute(name, value === true ? "" : value);
      }
    }
    made.append(...children);
    return made;
  }

  /* Make a labeled slider that shows its value; onInput gets a number. The range itself is
     the property .input of what is returned. show: how a value is written. */
  function slider(label, { min, max, step, value, show = String }, onInput) {
    const id = `demo-slider-${++sliders}`;
    const shown = element("span", { class: "demo-value", "aria-hidden": "true" });
    const input = element("input", {
      id,
      type: "range",
      min,
      max,
      step,
      value,
      oninput() {
        write();
        onInput(Number(input.value));
      },
    });
    function write() {
      shown.textContent = show(Number(input.value));
      input.setAttribute("aria-valuetext", shown.textContent);
    }
    write();
    const made = element(
      "div",
      { class: "demo-slider" },
      element("label", { for: id }, label),
      shown,
      input,
    );
    made.input = input;
    return made;
  }

  /* Add a line that is read aloud whenever its textContent is set to something new. */
  function status(root) {
    const line = element("p", { class: "demo-status", role: "status" });
    root.append(line);
    return line;
  }

  function register(name, start, ...libraries) {
    known.set(name, { start, libraries });
  }

  function guarded(made, handle) {
    return function (event) {
      try {
        return handle.call(made, event);
      } catch (error) {
        fail(made.closest(".demo"), error);
      }
    };
  }

  function fail(demo, error) {
    console.error(error);
    demo
      ?.querySelector(".demo-root")
      .replaceChildren(
        element(
          "p",
          { class: "demo-error", role: "alert" },
          `This demo does not work here (${error.message}). ` +
            "The text above says what it shows.",
        ),
      );
  }

  function load(file) {
    if (!files.has(file)) {
      files.set(
        file,
        new Promise((resolve, reject) => {
          const script = element("script", { src: new URL(`demos/${file}.js`, here).href });
          script.onload = resolve;
          script.onerror = () => reject(new Error(`demos/${file}.js could not be loaded`));
          document.head.append(script);
        }),
      );
    }
    return files.get(file);
  }

  /* JSON.parse calls this for each value: arrays become typed arrays. */
  function revive(_, value) {
    if (typeof value?.base64 !== "string") return value;
    const bytes = Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0));
    const array = new ARRAYS[value.dtype](bytes.buffer);
    array.shape = value.shape;
    return array;
  }

  /* What the chapter passed to demos.show. */
  function read(demo) {
    return JSON.parse(demo.querySelector("script").textContent, revive);
  }

  async function start(demo) {
    const name = demo.dataset.demo;
    const root = element("div", {
      class: "demo-root",
      role: "group",
      "aria-busy": "true",
      "aria-label": "Interactive",
    });
    root.textContent = "Loading …";
    demo.append(root);
    try {
      await load(name);
      if (!known.has(name)) throw new Error(`demos/${name}.js does not register ${name}`);
      await Promise.all(known.get(name).libraries.map(load));
      root.textContent = "";
      known.get(name).start(root, read(demo));
    } catch (error) {
      fail(demo, error);
    }
    root.removeAttribute("aria-busy");
  }

  document.addEventListener("DOMContentLoaded", () => {
    const near = new IntersectionObserver(
      (entries) => {
        for (const entry of entries.filter((one) => one.isIntersecting)) {
          near.unobserve(entry.target);
          start(entry.target);
        }
      },
      { rootMargin: "400px" },
    );
    document.querySelectorAll(".demo").forEach((demo) => near.observe(demo));
  });

  return { register, element, slider, status, read };
})();
