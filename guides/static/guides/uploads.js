// Sends a chosen or dropped file as it is, shows how far it is, and says what came of it.
"use strict";

for (const zone of document.querySelectorAll("[data-upload]")) {
  const input = zone.querySelector("input[type=file]");
  const bar = zone.querySelector("progress");
  const said = zone.querySelector("[role=status]");
  const token = zone.querySelector("[name=csrfmiddlewaretoken]").value;

  const tell = (sentence, kind) => {
    said.textContent = sentence;
    said.dataset.kind = kind;
  };

  const list = (rows) => {
    const wrong = zone.querySelector(".wrong");
    if (!wrong) return;
    wrong.replaceChildren(
      ...rows.map(({ row, sentence }) => {
        const item = document.createElement("li");
        item.textContent = row ? `${row}: ${sentence}` : sentence;
        return item;
      }),
    );
  };

  const follow = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const state = await answer.json();
    tell(state.sentence, "good");
    if (state.over) window.location.reload();
    else window.setTimeout(() => follow(address), 1000);
  };

  const send = (file) => {
    const most = Number(zone.dataset.most) * 1_000_000;
    if (file.size > most) {
      tell(zone.dataset.tooLarge, "bad");
      return;
    }
    const query = new URLSearchParams({ name: file.name });
    for (const field of zone.querySelectorAll("[data-fact]")) query.set(field.dataset.fact, field.value);
    const line = new XMLHttpRequest();
    line.open("PUT", `${zone.dataset.upload}?${query}`);
    line.setRequestHeader("X-CSRFToken", token);
    line.setRequestHeader("Content-Type", "application/octet-stream");
    line.upload.addEventListener("progress", (event) => {
      bar.hidden = false;
      bar.value = event.loaded / event.total;
    });
    line.addEventListener("loadend", () => {
      bar.hidden = true;
      input.value = "";
      let answer = {};
      try {
        answer = JSON.parse(line.responseText);
      } catch {
        answer = { sentence: zone.dataset.broken };
      }
      tell(answer.sentence, line.status < 300 ? "good" : "bad");
      list(answer.rows || []);
      if (answer.state) follow(answer.state);
      else if (line.status === 201 && !("stay" in zone.dataset)) window.location.reload();
    });
    tell("", "good");
    line.send(file);
  };

  input.addEventListener("change", () => input.files[0] && send(input.files[0]));
  for (const name of ["dragover", "dragenter"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.dataset.over = "yes";
    });
  }
  zone.addEventListener("dragleave", () => delete zone.dataset.over);
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    if (event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
  });
}
