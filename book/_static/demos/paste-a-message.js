/* Paste a message or a whole traceback: which entry of the page it belongs to, and in which
   line of the reader's own code it came up. Nothing leaves the page. */
"use strict";

demos.register("paste-a-message", function (root, data) {
  const { element } = demos;
  const box = element("textarea", {
    id: "paste-a-message-box",
    rows: 6,
    spellcheck: "false",
    autocomplete: "off",
    oninput: look,
  });
  const empty = element(
    "button",
    {
      type: "button",
      onclick() {
        box.value = "";
        look();
        box.focus();
      },
    },
    "Empty the box",
  );
  root.append(
    element("label", { for: box.id }, "Your message, or the whole traceback"),
    box,
    empty,
  );
  const status = demos.status(root);
  const found = element("ul", { class: "paste-found" });
  root.append(found);

  const plain = (text) => text.toLowerCase().replace(/[\s"'`]+/g, " ");

  /* Whether the pieces between the dots of a message come in a text, one after the other. */
  function fits(words, text) {
    let from = 0;
    return words.split("…").every((piece) => {
      const at = text.indexOf(plain(piece).trim(), from);
      from = at + 1;
      return at >= 0;
    });
  }

  /* The share of a message's longer words that come in a text. */
  function share(words, text) {
    const all = plain(words).match(/[a-z_]{4,}/g) ?? [];
    return all.filter((word) => text.includes(word)).length / all.length;
  }

  /* The last line of a traceback that stands in the reader's own file or cell. */
  function place(text) {
    const own = [...text.matchAll(/File "([^"]+)", line (\d+)|Cell In ?\[(\d+)\], line (\d+)/g)]
      .filter(([, file]) => !/(site|dist)-packages|[\\/]lib[\\/]python|^</.test(file ?? ""))
      .at(-1);
    if (!own) return "";
    const [, file, line, cell, row] = own;
    return file
      ? ` Of your own code, it came up in line ${line} of ${file.split(/[\\/]/).pop()}.`
      : ` Of your own code, it came up in line ${row} of cell ${cell}.`;
  }

  function look() {
    const text = plain(box.value);
    found.replaceChildren();
    if (!text.trim()) {
      status.textContent = "Nothing leaves this page: it is compared here.";
      return;
    }
    let hits = data.entries.filter((one) => fits(one.words, text));
    const sure = hits.length > 0;
    if (!sure) {
      hits = data.entries
        .map((one) => ({ ...one, share: share(one.words, text) }))
        .filter((one) => one.share > 0.6)
        .sort((a, b) => b.share - a.share)
        .slice(0, 2);
    }
    const many = hits.length === 1 ? "One entry" : `${hits.length} entries`;
    let told = `${many} of this page ${hits.length === 1 ? "has" : "have"} this message.`;
    if (!sure) {
      told = hits.length
        ? "No entry has these very words. The nearest:"
        : "No entry of this page has this message. Read its last line: it says what did not fit. " +
          "A shape in it that is not what you expect is the best clue.";
    }
    status.textContent = told + place(box.value);
    found.append(
      ...hits.map((one) => element("li", {}, element("a", { href: `#${one.code}` }, one.title))),
    );
  }

  look();
});
