// Copies what stands in a field, by the button that names it and knows what to say then. Without it, the field is there to be marked by hand.

function copies(button: HTMLButtonElement): void {
  const field = document.getElementById(button.dataset.copy!) as HTMLInputElement | HTMLTextAreaElement;
  const status = button.closest(".field")!.querySelector("[role=status]")!;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.copied!;
    } catch {
      status.textContent = button.dataset.marked!;
    }
  });
}

document.querySelectorAll<HTMLButtonElement>("[data-copy]").forEach(copies);

export {};
