// Shows how far a reading is; it never goes back, and the page is drawn anew when it is over.
"use strict";

for (const job of document.querySelectorAll("[data-job]")) {
  const bar = job.querySelector("progress");
  const said = job.querySelector("[role=status]");

  const look = async () => {
    const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      bar.max = state.total;
      bar.value = Math.max(bar.value, state.done);
      said.textContent = `${state.said}: ${state.done} / ${state.total}`;
      if (state.over) {
        window.location.reload();
        return;
      }
    }
    window.setTimeout(look, 1000);
  };
  look();
}
