/* Type a word, and see which of its n-grams vote for which language.

   data.votes: a row for each bucket in use, a column for each language, in whole steps of
   data.step. data.places: the number of each row's bucket. data.bias: one for each language.
   data.languages: their names. data.buckets, data.prime: the hash. data.longest: the longest
   n-gram. data.word: the word to begin with. */
"use strict";

demos.register("ngram-votes", function (root, data) {
  const { element } = demos;
  const { languages, bias } = data;
  const SHOWN = 12;
  const row = new Map(Array.from(data.places, (place, i) => [place, i]));
  const signed = (value) => value.toFixed(2).replace("-", "−"); // a minus, not a hyphen
  const visible = (piece) => piece.replaceAll(" ", "␣");
  let chosen = null; // the language whose votes are listed; null: the winner

  const input = element("input", {
    type: "text",
    id: "ngram-votes-word",
    maxlength: 40,
    value: data.word,
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    oninput() {
      chosen = null;
      vote();
    },
  });
  const bars = languages.map((language, k) => {
    const button = element(
      "button",
      {
        type: "button",
        onclick() {
          chosen = k;
          vote();
        },
      },
      language,
    );
    const bar = element("span", { class: "vote-bar" }),
      share = element("td", {});
    const line = element(
      "tr",
      {},
      element("th", { scope: "row" }, button),
      element("td", {}, bar),
      share,
    );
    return { button, bar, share, line };
  });
  const caption = element("caption", {}),
    pieces = element("tbody", {});
  root.append(
    element("label", { for: input.id }, "A word"),
    " ",
    input,
    " ",
    element("button", { type: "button", onclick: shuffle }, "Shuffle the letters"),
  );
  const status = demos.status(root);
  root.append(
    element(
      "table",
      { class: "vote-table ngram-shares" },
      element("caption", {}, "Probabilities; choose a language to see its votes"),
      element("tbody", {}, ...bars.map(({ line }) => line)),
    ),
    element("table", { class: "vote-table ngram-pieces" }, caption, pieces),
  );
  vote();

  /* All n-grams of a word, as the chapter's function grams cuts them. */
  function grams(word) {
    const letters = Array.from(` ${word.toLowerCase()} `),
      found = [];
    for (let n = 1; n <= data.longest; n++) {
      for (let i = 0; i + n <= letters.length; i++) {
        found.push(letters.slice(i, i + n).join(""));
      }
    }
    return found;
  }

  /* The number of a piece's bucket, as the chapter's function bucket computes it. */
  function bucket(piece) {
    let h = 0;
    for (const letter of piece) {
      h = (h * data.prime + letter.codePointAt(0)) % data.buckets;
    }
    return 1 + h;
  }

  /* What a piece gives to language k; an empty bucket has no vote. */
  function given(piece, k) {
    const i = row.get(bucket(piece));
    return i === undefined ? 0 : data.step * data.votes[i * languages.length + k];
  }

  function softmax(scores) {
    const raised = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const sum = raised.reduce((a, b) => a + b);
    return raised.map((value) => value / sum);
  }

  function vote() {
    const word = input.value.trim();
    const all = grams(word);
    const p = softmax(
      languages.map(
        (_, k) => bias[k] + all.reduce((sum, piece) => sum + given(piece, k), 0) / all.length,
      ),
    );
    const order = languages.map((_, k) => k).sort((a, b) => p[b] - p[a]);
    const shown = chosen ?? order[0];
    bars.forEach(({ button, bar, share }, k) => {
      bar.style.width = `${100 * p[k]}%`;
      share.textContent = p[k].toFixed(3);
      button.setAttribute("aria-pressed", k === shown);
    });
    list(all, shown);
    const [first, second] = order.map((k) => `${languages[k]} ${p[k].toFixed(3)}`);
    status.textContent = word ? `${word}: ${first}, then ${second}.` : "There is no word yet.";
  }

  /* Show the strongest pieces: how much each adds to the score of language k. */
  function list(all, k) {
    const counts = new Map();
    all.forEach((piece) => counts.set(piece, 1 + (counts.get(piece) ?? 0)));
    const sums = Array.from(counts, ([piece, count]) => ({
      piece,
      count,
      value: (count * given(piece, k)) / all.length,
    }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, SHOWN);
    const longest = Math.max(Math.abs(sums[0].value), 1e-9);
    caption.textContent = `Strongest votes on ${languages[k]} (␣ is a space)`;
    pieces.replaceChildren(
      ...sums.map(({ piece, count, value }) => {
        const bar = element("span", { class: "vote-bar" });
        const width = (50 * Math.abs(value)) / longest; // percent; half a cell each way
        bar.style.width = `${width}%`;
        bar.style.marginLeft = `${value < 0 ? 50 - width : 50}%`;
        bar.classList.toggle("vote-against", value < 0);
        return element(
          "tr",
          {},
          element("th", { scope: "row" }, visible(piece) + (count > 1 ? ` × ${count}` : "")),
          element("td", { class: "vote-track" }, bar),
          element("td", {}, signed(value)),
        );
      }),
    );
  }

  function shuffle() {
    const letters = Array.from(input.value.trim());
    for (let i = letters.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [letters[i], letters[j]] = [letters[j], letters[i]];
    }
    input.value = letters.join("");
    chosen = null;
    vote();
  }
});
