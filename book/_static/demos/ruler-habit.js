/* How strong a habit in training, and a ruler or none now: what the network answers.

   data.shares: of each network, how many in 100 malignant training pictures had a ruler.
   data.own: right answers on the network's own test. data.counts: benign, malignant test spots.
   data.called: how many are called malignant (networks, without or with rulers, classes).
   data.pictures (without or with rulers, n, 32, 32, 3), data.truth (n), data.names.
   data.said: 1 where a picture is called malignant (networks, without or with rulers, n). */
"use strict";

demos.register("ruler-habit", function (root, data) {
  const { element } = demos;
  const count = data.truth.length;
  const [all, some] = [data.counts[0] + data.counts[1], data.pictures.shape[2]];
  let network = 0;

  const box = element("input", { type: "checkbox", onchange: show });
  const spots = Array.from(data.truth, () => ({
    canvas: element("canvas", { class: "habit-picture", role: "img", width: some, height: some }),
    answer: element("figcaption"),
  }));
  root.append(
    demos.slider(
      "malignant training pictures with a ruler",
      {
        min: 0,
        max: data.shares.length - 1,
        step: 1,
        value: network,
        show: (at) => `${data.shares[at]} of 100`,
      },
      (at) => {
        network = at;
        show();
      },
    ),
    element("label", { class: "habit-ruler" }, box, " Lay a ruler beside every spot now"),
    element(
      "div",
      { class: "habit-spots" },
      ...spots.map(({ canvas, answer }) => element("figure", {}, canvas, answer)),
    ),
  );
  const status = demos.status(root);
  show();

  function show() {
    const ruled = box.checked ? 1 : 0;
    spots.forEach(({ canvas, answer }, i) => {
      const truth = data.truth[i];
      const said = data.said[(2 * network + ruled) * count + i];
      const mark = said === truth ? "✓" : "✗";
      paint(canvas, ruled * count + i);
      canvas.setAttribute(
        "aria-label",
        `A ${data.names[truth]} spot ${ruled ? "beside a ruler" : "without a ruler"}`,
      );
      answer.replaceChildren(
        `${data.names[truth]}, called `,
        element("strong", {}, `${data.names[said]} ${mark}`),
      );
    });
    const [alarms, found] = [0, 1].map((k) => data.called[(2 * network + ruled) * 2 + k]);
    status.textContent =
      `In its own clinic right on ${data.own[network]} of ${all}. Here, ` +
      `${ruled ? "with a ruler beside every spot" : "without rulers"}: ` +
      `${data.counts[1] - found} of ${data.counts[1]} malignant spots missed, ` +
      `${alarms} of ${data.counts[0]} benign ones called malignant.`;
  }

  function paint(canvas, at) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(some, some);
    for (let pixel = 0; pixel < some * some; pixel++) {
      const from = 3 * (at * some * some + pixel);
      image.data.set([...data.pictures.subarray(from, from + 3), 255], 4 * pixel);
    }
    context.putImageData(image, 0, 0);
  }
});
