// Work before joining or voting where there is risk: solves the challenge of the form in a worker, shows how far it is,
// and sends the form. Where that cannot be done the page stays as it was: a text to wait by, and a button.

const form = document.querySelector("[data-work]");
const status = form.querySelector("[role=status]");
const button = form.querySelector("button");
const working = form.querySelector(".working");
const bar = working.querySelector("progress");
const waiting = status.innerHTML;

function stop(worker) {
  worker?.terminate();
  working.hidden = true;
  button.hidden = false;
}

function giveUp(worker) {
  stop(worker);
  status.innerHTML = waiting;
}

function begin() {
  const challenge = JSON.parse(form.elements.challenge.value);
  const worker = new Worker(form.dataset.worker);
  button.hidden = true;
  working.hidden = false;
  status.textContent = "This takes a few seconds, and you need not do anything.";
  worker.addEventListener("error", () => giveUp(worker));
  worker.addEventListener("message", ({ data }) => {
    if (data.failed) {
      giveUp(worker);
    } else if (data.solution) {
      bar.value = 100;
      form.elements.proof.value = btoa(JSON.stringify({ challenge, solution: data.solution }));
      stop(worker);
      status.textContent = "Done. You are taken on; if not, press the button.";
      form.submit();
    } else {
      bar.value = Math.round(100 * data.done);
    }
  });
  worker.postMessage(challenge.parameters);
}

// Browsers compute only on pages that came safely: over https, or from this very machine.
if (window.Worker && window.crypto?.subtle) begin();
