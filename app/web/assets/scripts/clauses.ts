// Parts of a sentence that are added by ticking: whoever fills in a blank means its part. What is ticked can be taken away
// again, and stays as it was typed.

for (const part of document.querySelectorAll<HTMLElement>("[data-clauses] .clause")) {
  const box = part.querySelector<HTMLInputElement>("input[type=checkbox]");
  part.addEventListener("input", (event) => {
    if (box && event.target instanceof HTMLInputElement && event.target !== box && event.target.value) box.checked = true;
  });
}

export {};
